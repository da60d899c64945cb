using System.Text.Json.Serialization;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>Somebody is changing the repository's format version, or announced it. Durations are nanoseconds.</summary>
internal sealed record UpgradeLock
{
    [JsonPropertyName("ownerID")]
    public string? OwnerId { get; init; }

    [JsonPropertyName("creationTime")]
    public string? CreationTime { get; init; }

    [JsonPropertyName("advanceNoticeDuration")]
    public long AdvanceNoticeDuration { get; init; }

    [JsonPropertyName("ioDrainTimeout")]
    public long IoDrainTimeout { get; init; }

    [JsonPropertyName("statusPollInterval")]
    public long StatusPollInterval { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("maxPermittedClockDrift")]
    public long MaxPermittedClockDrift { get; init; }

    /// <summary>Whether everybody but the owner has to stay away at this moment. A lock whose time cannot be read holds.</summary>
    public bool IsLockedAt(UnixNanos now)
    {
        Int128 drain = MaxPermittedClockDrift + (2 * (Int128)IoDrainTimeout);
        return AdvanceNoticeDuration < drain
            || !UnixNanos.TryParse(CreationTime, out UnixNanos created)
            || now.Value >= created.Value + (Int128)AdvanceNoticeDuration - drain;
    }
}
