namespace BackupFunctions.Engine.Files;

/// <summary>What a name in a directory stands for.</summary>
public enum FileKind
{
    /// <summary>Something this program does not know.</summary>
    Unknown,

    /// <summary>Bytes.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A character device node.</summary>
    CharacterDevice,

    /// <summary>A block device node.</summary>
    BlockDevice,

    /// <summary>A socket: means nothing without the process behind it, so it is never kept.</summary>
    Socket,
}
