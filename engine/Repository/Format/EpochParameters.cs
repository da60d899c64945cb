using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>When index blobs change epochs and are compacted. Durations are nanoseconds. The names are in Pascal case in the format too.</summary>
internal sealed record EpochParameters
{
    private const long NanosPerMinute = 60_000_000_000;

    /// <summary>What Kopia gives new repositories of versions 2 and 3.</summary>
    public static EpochParameters Default { get; } = new()
    {
        Enabled = true,
        EpochRefreshFrequency = 20 * NanosPerMinute,
        FullCheckpointFrequency = 7,
        CleanupSafetyMargin = 240 * NanosPerMinute,
        MinEpochDuration = 1440 * NanosPerMinute,
        EpochAdvanceOnCountThreshold = 20,
        EpochAdvanceOnTotalSizeBytesThreshold = 10 << 20,
        DeleteParallelism = 4,
    };

    [JsonPropertyName("Enabled")]
    public bool Enabled { get; init; }

    [JsonPropertyName("EpochRefreshFrequency")]
    public long EpochRefreshFrequency { get; init; }

    [JsonPropertyName("FullCheckpointFrequency")]
    public int FullCheckpointFrequency { get; init; }

    [JsonPropertyName("CleanupSafetyMargin")]
    public long CleanupSafetyMargin { get; init; }

    [JsonPropertyName("MinEpochDuration")]
    public long MinEpochDuration { get; init; }

    [JsonPropertyName("EpochAdvanceOnCountThreshold")]
    public int EpochAdvanceOnCountThreshold { get; init; }

    [JsonPropertyName("EpochAdvanceOnTotalSizeBytesThreshold")]
    public long EpochAdvanceOnTotalSizeBytesThreshold { get; init; }

    [JsonPropertyName("DeleteParallelism")]
    public int DeleteParallelism { get; init; }

    /// <summary><see cref="EpochRefreshFrequency"/>, cut to 100 ns.</summary>
    [JsonIgnore]
    public TimeSpan RefreshFrequency => TimeSpan.FromTicks(EpochRefreshFrequency / 100);
}
