using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog;

/// <summary>One restore of a listing. Velero writes no object for its restores, so both may be null.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Restore">The Restore object; null when there is none or it is damaged.</param>
/// <param name="Problem">Why the object cannot be read; null when it can or when there is none.</param>
public sealed record RestoreEntry(string Name, VeleroRestore? Restore, BackupException? Problem);
