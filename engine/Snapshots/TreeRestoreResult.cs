namespace BackupFunctions.Engine.Snapshots;

/// <summary>What a restore did and met.</summary>
/// <param name="Statistics">Final counters.</param>
/// <param name="Problems">Entries that are missing or incomplete in the target; the first <see cref="MaxProblems"/>.</param>
/// <param name="Warnings">Entries that are there but not in every respect as they were (an owner that only root may set); the first <see cref="MaxProblems"/>.</param>
/// <param name="WarningCount">How many of these there were in all.</param>
public sealed record TreeRestoreResult(
    RestoreProgress Statistics, IReadOnlyList<PathProblem> Problems, IReadOnlyList<PathProblem> Warnings, long WarningCount)
{
    /// <summary>Most problems that are kept by name.</summary>
    public const int MaxProblems = 1000;
}
