namespace BackupFunctions.Engine.Upkeep;

/// <summary>What a deletion removed.</summary>
/// <param name="Backup">The backup that is gone.</param>
/// <param name="ForgottenSnapshots">How many volume snapshots went with it; their data goes with the repositories' maintenance.</param>
/// <param name="Restores">Restores made from it, which went with it.</param>
/// <param name="Notes">What was left in place and why, for people; usually empty.</param>
public sealed record BackupDeletionReport(string Backup, int ForgottenSnapshots, IReadOnlyList<string> Restores, IReadOnlyList<string> Notes);
