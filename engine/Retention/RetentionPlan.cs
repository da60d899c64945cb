using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Engine.Retention;

/// <summary>Which backups are to be deleted, with what belongs to them, and which expired ones are spared for now.</summary>
/// <param name="Delete">To be deleted, oldest expiration first.</param>
/// <param name="Spared">Expired, but not to be touched yet.</param>
public sealed record RetentionPlan(IReadOnlyList<BackupDeletion> Delete, IReadOnlyList<SparedBackup> Spared);

/// <summary>One backup to be deleted.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Restores">Restores made from it, which go with it.</param>
public sealed record BackupDeletion(VeleroBackup Backup, string Reason, IReadOnlyList<VeleroRestore> Restores);

/// <summary>One expired backup that stays for now.</summary>
/// <param name="Backup">The backup.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record SparedBackup(VeleroBackup Backup, string Reason);
