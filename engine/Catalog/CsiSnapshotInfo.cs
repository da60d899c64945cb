using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A CSI snapshot of a volume, in volumeinfo.</summary>
public sealed record CsiSnapshotInfo
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string SnapshotHandle { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Size { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Driver { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string VscName { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("operationID")]
    public string? OperationId { get; init; }

    /// <summary>Velero spells this key with a capital.</summary>
    [JsonPropertyName("ReadyToUse")]
    public bool? ReadyToUse { get; init; }

    public string? VolumeGroupSnapshotHandle { get; init; }
}
