using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>How one volume was restored: an element of <c>&lt;restore&gt;-volumeinfo.json.gz</c>.</summary>
public sealed record RestoreVolumeInfo
{
    public const string PodVolumeRestoreMethod = "PodVolumeRestore";

    public string? PvcName { get; init; }

    public string? PvcNamespace { get; init; }

    public string? PvName { get; init; }

    /// <summary><c>PodVolumeRestore</c>, <c>NativeSnapshot</c> or <c>CSISnapshot</c>.</summary>
    public string? RestoreMethod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool SnapshotDataMoved { get; init; }

    public CsiSnapshotInfo? CsiSnapshotInfo { get; init; }

    public SnapshotDataMovementInfo? SnapshotDataMovementInfo { get; init; }

    public NativeSnapshotInfo? NativeSnapshotInfo { get; init; }

    public PodVolumeInfo? PvrInfo { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
