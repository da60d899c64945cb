namespace BackupFunctions.Engine.Files;

/// <summary>What two names have in common when they are hard links to one file: its number on its file system.</summary>
/// <param name="Device">Number of the file system.</param>
/// <param name="Inode">Number of the file there.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode);
