using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Progress;

/// <summary>Where a run stands, as far as its object tells.</summary>
/// <param name="Phase">Its phase.</param>
/// <param name="IsFinished">Whether nobody works on it any more.</param>
/// <param name="Errors">Errors so far.</param>
/// <param name="Warnings">Warnings so far.</param>
/// <param name="FailureReason">Why it failed as a whole, or null.</param>
internal sealed record RunEnd(string Phase, bool IsFinished, int Errors, int Warnings, string? FailureReason)
{
    public bool IsGood => Phase == BackupPhase.Completed;
}
