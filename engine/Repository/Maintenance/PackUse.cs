namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>How much of a pack is still wanted.</summary>
/// <param name="LiveBytes">Stored bytes of its contents that are not deleted.</param>
/// <param name="MovableCount">How many of those are old enough to be moved.</param>
internal readonly record struct PackUse(long LiveBytes, int MovableCount);
