using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Retention;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>What one pass of the retention did.</summary>
/// <param name="Deleted">Backups that are gone, expired ones and what was left of interrupted deletions.</param>
/// <param name="Spared">Expired backups that stay for now, with the reason.</param>
/// <param name="Failures">Backups that could not be deleted; the next pass tries again.</param>
/// <param name="Unreadable">Backups whose object is damaged, so that nobody knows when they expire; they stay.</param>
public sealed record RetentionReport(
    IReadOnlyList<BackupDeletionReport> Deleted,
    IReadOnlyList<SparedBackup> Spared,
    IReadOnlyList<DeletionFailure> Failures,
    IReadOnlyList<DeletionFailure> Unreadable);

/// <summary>One backup and what is wrong with it.</summary>
public sealed record DeletionFailure(string Backup, BackupException Error);
