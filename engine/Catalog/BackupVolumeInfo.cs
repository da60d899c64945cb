using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// How one volume was backed up, or why not: an element of <c>&lt;backup&gt;-volumeinfo.json.gz</c>. A restore finds the entry by
/// <see cref="PvName"/>, and it decides how the volume comes back.
/// </summary>
public sealed record BackupVolumeInfo
{
    public const string PodVolumeBackupMethod = "PodVolumeBackup";
    public const string NativeSnapshotMethod = "NativeSnapshot";
    public const string CsiSnapshotMethod = "CSISnapshot";

    public string? PvcName { get; init; }

    public string? PvcNamespace { get; init; }

    public string? PvName { get; init; }

    /// <summary>One of the methods above; null when skipped.</summary>
    public string? BackupMethod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool SnapshotDataMoved { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool PreserveLocalSnapshot { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool Skipped { get; init; }

    public string? SkippedReason { get; init; }

    public DateTimeOffset? StartTimestamp { get; init; }

    public DateTimeOffset? CompletionTimestamp { get; init; }

    /// <summary><c>succeeded</c> or <c>failed</c>.</summary>
    public string? Result { get; init; }

    public CsiSnapshotInfo? CsiSnapshotInfo { get; init; }

    public SnapshotDataMovementInfo? SnapshotDataMovementInfo { get; init; }

    public NativeSnapshotInfo? NativeSnapshotInfo { get; init; }

    public PodVolumeInfo? PvbInfo { get; init; }

    public PvInfo? PvInfo { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>What a provisioned volume must get back after the restore.</summary>
public sealed record PvInfo
{
    public string? ReclaimPolicy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyDictionary<string, string>? Labels { get; init => field = Absent.IfEmpty(value); }
}
