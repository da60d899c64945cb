namespace BackupFunctions.Engine.Snapshots;

/// <summary>What a restore did so far.</summary>
/// <param name="Files">Files written.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Directories">Directories done.</param>
/// <param name="Symlinks">Symbolic links made.</param>
/// <param name="HardLinks">Names given to files that were written already.</param>
/// <param name="Specials">Pipes and device nodes made.</param>
/// <param name="Skipped">Entries left alone because something is there already.</param>
/// <param name="Deleted">Entries deleted because the snapshot does not have them.</param>
/// <param name="ProblemCount">Entries that could not be restored.</param>
public readonly record struct RestoreProgress(
    long Files, long Bytes, long Directories, long Symlinks, long HardLinks, long Specials, long Skipped, long Deleted, long ProblemCount);
