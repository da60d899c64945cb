using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>What the backup of a volume made and met.</summary>
/// <param name="SnapshotId">The snapshot: what Velero notes as <c>status.snapshotID</c>.</param>
/// <param name="SourcePath">The path it is filed under.</param>
/// <param name="TotalBytes">Bytes of all files in it.</param>
/// <param name="IncrementalBytes">Bytes of new blobs that were put for it.</param>
/// <param name="FileCount">Files in it.</param>
/// <param name="Progress">What was read and what was reused.</param>
/// <param name="Failures">Entries that are missing because they could not be read; the first of them.</param>
/// <param name="FailureCount">How many there were in all.</param>
/// <param name="Warnings">Files that changed while they were read, and the like; the first of them.</param>
/// <param name="SkippedSockets">Sockets, which are never kept.</param>
public sealed record VolumeSnapshotResult(
    ManifestId SnapshotId,
    string SourcePath,
    long TotalBytes,
    long IncrementalBytes,
    long FileCount,
    UploadProgress Progress,
    IReadOnlyList<PathProblem> Failures,
    long FailureCount,
    IReadOnlyList<PathProblem> Warnings,
    long SkippedSockets);
