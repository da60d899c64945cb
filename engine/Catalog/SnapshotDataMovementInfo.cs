using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A CSI snapshot whose data was moved into the repository, in volumeinfo.</summary>
public sealed record SnapshotDataMovementInfo
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string DataMover { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string UploaderType { get; init => field = value ?? ""; } = "";

    public string? RetainedSnapshot { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string SnapshotHandle { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("operationID")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string OperationId { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Size { get; init; }

    public long IncrementalSize { get; init; }

    /// <summary>Velero spells this key with a capital.</summary>
    [JsonPropertyName("Phase")]
    public string? Phase { get; init; }
}
