using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A volume's data in the repository: <c>pvbInfo</c> of a backup's and <c>pvrInfo</c> of a restore's volumeinfo.</summary>
public sealed record PodVolumeInfo
{
    public string? SnapshotHandle { get; init; }

    public long Size { get; init; }

    public long IncrementalSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string UploaderType { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string VolumeName { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string PodName { get; init => field = value ?? ""; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string PodNamespace { get; init => field = value ?? ""; } = "";

    public string? NodeName { get; init; }

    /// <summary>Velero spells this key with a capital.</summary>
    [JsonPropertyName("Phase")]
    public string? Phase { get; init; }
}
