using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>How many of the blobs in which Kopia's clients leave their logs are kept; 0 means that a limit is off.</summary>
internal sealed record LogRetention
{
    [JsonPropertyName("maxTotalSize")]
    public long MaxTotalBytes { get; init; } = 1L << 30;

    [JsonPropertyName("maxCount")]
    public int MaxCount { get; init; } = 10_000;

    /// <summary>Nanoseconds.</summary>
    [JsonPropertyName("maxAge")]
    public long MaxAgeNanos { get; init; } = 30L * 24 * 3_600_000_000_000;
}
