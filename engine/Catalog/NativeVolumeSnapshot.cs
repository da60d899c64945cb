using System.Text.Json.Serialization;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A cloud disk's snapshot, an element of <c>&lt;backup&gt;-volumesnapshots.json.gz</c>. This program makes none; it reads those of Velero.</summary>
public sealed record NativeVolumeSnapshot
{
    public NativeVolumeSnapshotSpec Spec { get; init => field = value ?? new(); } = new();

    public NativeVolumeSnapshotStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The disk.</summary>
public sealed record NativeVolumeSnapshotSpec
{
    public string? BackupName { get; init; }

    [JsonPropertyName("backupUID")]
    public string? BackupUid { get; init; }

    public string? Location { get; init; }

    public string? PersistentVolumeName { get; init; }

    [JsonPropertyName("providerVolumeID")]
    public string? ProviderVolumeId { get; init; }

    public string? VolumeType { get; init; }

    [JsonPropertyName("volumeAZ")]
    public string? VolumeAz { get; init; }

    [JsonPropertyName("volumeIOPS")]
    public long? VolumeIops { get; init; }
}

/// <summary>The snapshot.</summary>
public sealed record NativeVolumeSnapshotStatus
{
    [JsonPropertyName("providerSnapshotID")]
    public string? ProviderSnapshotId { get; init; }

    /// <summary>New, Completed or Failed.</summary>
    public string? Phase { get; init; }
}
