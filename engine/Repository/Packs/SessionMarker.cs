using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>The <c>s</c> blob that tells maintenance to spare the packs of a running session.</summary>
internal sealed record SessionMarker
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("startTime")]
    public required string StartTime { get; init; }

    [JsonPropertyName("checkpointTime")]
    public required string CheckpointTime { get; init; }

    [JsonPropertyName("username")]
    public required string UserName { get; init; }

    [JsonPropertyName("hostname")]
    public required string HostName { get; init; }
}
