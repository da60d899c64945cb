using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>An <c>l</c> blob of the old index scheme: compaction log entries that are done with, and when that was noted.</summary>
internal sealed record CleanupEntry
{
    [JsonPropertyName("blobIDs")]
    public List<string>? BlobIds { get; init; }

    [JsonPropertyName("cleanupScheduleTime")]
    public string? ScheduledAt { get; init; }
}
