using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A cloud disk's snapshot, in volumeinfo.</summary>
public sealed record NativeSnapshotInfo
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string SnapshotHandle { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string VolumeType { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("volumeAZ")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string VolumeAz { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Iops { get; init => field = value ?? ""; } = "";

    /// <summary>Velero spells this key with a capital.</summary>
    [JsonPropertyName("Phase")]
    public string? Phase { get; init; }
}
