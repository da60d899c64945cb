using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>One backup of a listing: its object, or what is wrong with it.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Backup">The Backup object; null when it is damaged.</param>
/// <param name="Problem">Why there is no object; null when there is one.</param>
public sealed record BackupEntry(string Name, VeleroBackup? Backup, BackupException? Problem);
