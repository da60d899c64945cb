namespace BackupFunctions.Engine.Catalog;

/// <summary>Label and annotation keys and other fixed words of Velero's objects.</summary>
public static class VeleroNames
{
    public const string ApiVersion = "velero.io/v1";
    public const string DefaultNamespace = "velero";
    public const string DefaultStorageLocation = "default";
    public const string FormatVersion = "1.1.0";

    public const string BackupNameLabel = "velero.io/backup-name";
    public const string BackupUidLabel = "velero.io/backup-uid";
    public const string RestoreNameLabel = "velero.io/restore-name";
    public const string RestoreUidLabel = "velero.io/restore-uid";
    public const string ScheduleNameLabel = "velero.io/schedule-name";
    public const string StorageLocationLabel = "velero.io/storage-location";
    public const string PvcUidLabel = "velero.io/pvc-uid";
    public const string ExcludeFromBackupLabel = "velero.io/exclude-from-backup";

    public const string PvcNameAnnotation = "velero.io/pvc-name";
    public const string SourceGitVersionAnnotation = "velero.io/source-cluster-k8s-gitversion";
    public const string SourceMajorVersionAnnotation = "velero.io/source-cluster-k8s-major-version";
    public const string SourceMinorVersionAnnotation = "velero.io/source-cluster-k8s-minor-version";
    public const string ResourceTimeoutAnnotation = "velero.io/resource-timeout";

    public const string VolumeGroupSnapshotLabelKey = "velero.io/volume-group";

    /// <summary>Velero's server default, used when a backup states no time to live.</summary>
    public static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(720);

    public static readonly TimeSpan DefaultCsiSnapshotTimeout = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan DefaultItemOperationTimeout = TimeSpan.FromHours(4);
}
