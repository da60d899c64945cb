using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Whether and how often one kind of maintenance runs.</summary>
internal sealed record MaintenanceCycle
{
    private const long NanosPerHour = 3_600_000_000_000;

    public static MaintenanceCycle Hourly { get; } = new() { IsEnabled = true, IntervalNanos = NanosPerHour };

    public static MaintenanceCycle Daily { get; } = new() { IsEnabled = true, IntervalNanos = 24 * NanosPerHour };

    [JsonPropertyName("enabled")]
    public bool IsEnabled { get; init; }

    [JsonPropertyName("interval")]
    public long IntervalNanos { get; init; }

    /// <summary><see cref="IntervalNanos"/>, cut to 100 ns.</summary>
    [JsonIgnore]
    public TimeSpan Interval => TimeSpan.FromTicks(IntervalNanos / 100);
}
