namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Kopia's names of the tasks, by which the schedule records their runs (repo/maintenance/maintenance_run.go, v0.23.1).</summary>
internal static class TaskNames
{
    public const string SnapshotGc = "snapshot-gc";
    public const string QuickDeleteBlobs = "quick-delete-blobs";
    public const string FullDeleteBlobs = "full-delete-blobs";
    public const string QuickRewriteContents = "quick-rewrite-contents";
    public const string FullRewriteContents = "full-rewrite-contents";
    public const string DropDeletedContents = "full-drop-deleted-content";
    public const string IndexCompaction = "index-compaction";
    public const string ExtendRetention = "extend-blob-retention-time";
    public const string CleanupLogs = "cleanup-logs";
    public const string AdvanceEpoch = "advance-epoch";
    public const string DeleteSupersededIndexes = "delete-superseded-epoch-indexes";
    public const string CleanupEpochMarkers = "cleanup-epoch-markers";
    public const string EpochRange = "generate-epoch-range-index";
    public const string CompactEpoch = "compact-single-epoch";
}
