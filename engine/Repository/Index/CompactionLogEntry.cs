using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>An <c>m</c> blob of the old index scheme: the outputs stand for the inputs once all outputs are there.</summary>
internal sealed record CompactionLogEntry
{
    [JsonPropertyName("inputMetadata")]
    public List<CompactionLogBlob>? Inputs { get; init; }

    [JsonPropertyName("outputMetadata")]
    public List<CompactionLogBlob>? Outputs { get; init; }
}

/// <summary>A blob that a compaction read or wrote.</summary>
internal sealed record CompactionLogBlob
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("length")]
    public long LengthBytes { get; init; }

    [JsonPropertyName("timestamp")]
    public string? Timestamp { get; init; }
}
