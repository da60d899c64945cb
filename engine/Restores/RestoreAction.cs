namespace BackupFunctions.Engine.Restores;

/// <summary>What became of one object, in the words of Velero's resource list.</summary>
internal enum RestoreAction
{
    Created,
    Updated,
    Skipped,
    Failed,
}
