namespace BackupFunctions.Engine.Snapshots;

/// <summary>What an upload made and met.</summary>
/// <param name="Snapshot">The snapshot, not yet put (<see cref="SnapshotCatalog.Put"/>).</param>
/// <param name="Progress">Final counters.</param>
/// <param name="Failures">Entries that are missing because they could not be read; the first <see cref="MaxProblems"/>.</param>
/// <param name="FailureCount">How many there were in all.</param>
/// <param name="Warnings">Files that changed while they were read, and other things worth knowing; the first <see cref="MaxProblems"/>.</param>
/// <param name="SkippedSockets">Sockets, which are never kept.</param>
public sealed record TreeUploadResult(
    TreeSnapshot Snapshot,
    UploadProgress Progress,
    IReadOnlyList<PathProblem> Failures,
    long FailureCount,
    IReadOnlyList<PathProblem> Warnings,
    long SkippedSockets)
{
    /// <summary>Most problems that are kept by name.</summary>
    public const int MaxProblems = 1000;
}
