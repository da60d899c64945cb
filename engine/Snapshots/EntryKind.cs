namespace BackupFunctions.Engine.Snapshots;

/// <summary>What an entry of a directory object is. Kopia knows no others.</summary>
public enum EntryKind
{
    /// <summary>A regular file (<c>f</c>).</summary>
    File,

    /// <summary>A directory (<c>d</c>).</summary>
    Directory,

    /// <summary>A symbolic link (<c>s</c>).</summary>
    Symlink,
}
