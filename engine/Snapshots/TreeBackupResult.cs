using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>What <see cref="TreeBackup"/> made.</summary>
/// <param name="Upload">The snapshot, with its id, and what was met on the way.</param>
/// <param name="Written">What was written for it.</param>
public sealed record TreeBackupResult(TreeUploadResult Upload, WriteStatistics Written);
