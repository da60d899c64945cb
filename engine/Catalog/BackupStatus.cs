using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>What became of a backup: <c>status</c> of Velero's Backup. Zero counts are left out of the JSON.</summary>
public sealed record BackupStatus
{
    /// <summary>Always 1 in what is written.</summary>
    public int Version { get; init; }

    /// <summary>Version of the tarball's layout, <see cref="VeleroNames.FormatVersion"/> in what is written.</summary>
    public string? FormatVersion { get; init; }

    /// <summary>When the backup may be deleted: start plus time to live.</summary>
    public DateTimeOffset? Expiration { get; init; }

    /// <summary>One of <see cref="BackupPhase"/>, or a word of a newer Velero.</summary>
    public string? Phase { get; init; }

    public int QueuePosition { get; init; }

    public IReadOnlyList<string>? ValidationErrors { get; init => field = Absent.IfEmpty(value); }

    public DateTimeOffset? StartTimestamp { get; init; }

    public DateTimeOffset? CompletionTimestamp { get; init; }

    public int VolumeSnapshotsAttempted { get; init; }

    public int VolumeSnapshotsCompleted { get; init; }

    public string? FailureReason { get; init; }

    /// <summary>Warning lines of the log.</summary>
    public int Warnings { get; init; }

    /// <summary>Error lines of the log.</summary>
    public int Errors { get; init; }

    public BackupProgress? Progress { get; init; }

    public int CsiVolumeSnapshotsAttempted { get; init; }

    public int CsiVolumeSnapshotsCompleted { get; init; }

    public int BackupItemOperationsAttempted { get; init; }

    public int BackupItemOperationsCompleted { get; init; }

    public int BackupItemOperationsFailed { get; init; }

    public HookStatus? HookStatus { get; init; }

    /// <summary>Members this record does not know, kept for rewriting.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>How many items there are and how many are done.</summary>
public sealed record BackupProgress
{
    public int TotalItems { get; init; }

    public int ItemsBackedUp { get; init; }
}
