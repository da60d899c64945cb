using System.Runtime.InteropServices;
using BackupFunctions.Engine.Files.Native;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Files;

/// <summary>Making and changing entries. What exists is never replaced: remove it first.</summary>
public sealed unsafe partial class DirectoryHandle
{
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const uint PrivateFile = 0x180; // 0600

    /// <summary>Makes a directory that only its owner may enter.</summary>
    public void CreateDirectory(FileName name)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        Check(Libc.MakeDirectoryAt(_handle, native, PrivateDirectory), "create the directory", name);
    }

    /// <summary>Makes an empty file that only its owner may read and write, and opens it. The caller disposes it.</summary>
    public WritableFile CreateFile(FileName name) =>
        new(OpenAt(name, Flags.WriteOnly | Flags.Create | Flags.Exclusive, PrivateFile, "create"), PathOf(name));

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">Any bytes without NUL; where they lead does not matter.</param>
    public void CreateSymlink(FileName name, ReadOnlySpan<byte> target)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        if (target.IsEmpty || target.Length >= MaxSymlinkBytes || target.Contains((byte)0))
        {
            throw new FileSystemException(Errno.Invalid, "create the symbolic link", PathOf(name));
        }

        byte* nativeTarget = stackalloc byte[MaxSymlinkBytes];
        target.CopyTo(new Span<byte>(nativeTarget, MaxSymlinkBytes));
        nativeTarget[target.Length] = 0;
        Check(Libc.SymlinkAt(nativeTarget, _handle, native), "create the symbolic link", name);
    }

    /// <summary>Makes another name in this directory for a file in the same file system.</summary>
    public void CreateHardLink(FileName name, DirectoryHandle existingDirectory, FileName existing)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        byte* nativeExisting = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(existing, new Span<byte>(nativeExisting, NativeName.MaxBytes));
        Check(Libc.LinkAt(existingDirectory._handle, nativeExisting, _handle, native, 0), "create the hard link", name);
    }

    /// <summary>Makes a named pipe or a device node that only its owner may use.</summary>
    public void CreateNode(FileName name, FileKind kind, uint deviceMajor, uint deviceMinor)
    {
        uint type = kind switch
        {
            FileKind.Fifo => Flags.TypeFifo,
            FileKind.CharacterDevice => Flags.TypeCharacterDevice,
            FileKind.BlockDevice => Flags.TypeBlockDevice,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only pipes and device nodes are made this way."),
        };
        ulong device = ((ulong)(deviceMajor & 0xFFFFF000) << 32) | ((ulong)(deviceMajor & 0xFFF) << 8)
            | ((ulong)(deviceMinor & 0xFFFFFF00) << 12) | (deviceMinor & 0xFF);
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        Check(Libc.MakeNodeAt(_handle, native, type | PrivateFile, kind == FileKind.Fifo ? 0 : device), "create the node", name);
    }

    /// <summary>Removes an entry that is not a directory.</summary>
    public void Remove(FileName name) => Unlink(name, 0);

    /// <summary>Removes an empty directory.</summary>
    public void RemoveDirectory(FileName name) => Unlink(name, Flags.RemoveDirectory);

    /// <summary>Removes a directory with all that is in it.</summary>
    public void RemoveTree(FileName name, CancellationToken cancellationToken)
    {
        // Levels are kept here and not on the stack: a tree may be deeper than the stack.
        Stack<(DirectoryHandle Directory, FileName Name, Queue<FileName> Directories)> levels = new();
        try
        {
            levels.Push(EmptyOfFiles(name, cancellationToken));
            while (levels.TryPeek(out var level))
            {
                if (level.Directories.TryDequeue(out FileName child))
                {
                    levels.Push(level.Directory.EmptyOfFiles(child, cancellationToken));
                    continue;
                }

                levels.Pop().Directory.Dispose();
                DirectoryHandle parent = levels.TryPeek(out var above) ? above.Directory : this;
                parent.RemoveDirectory(level.Name);
            }
        }
        finally
        {
            while (levels.TryPop(out var level))
            {
                level.Directory.Dispose();
            }
        }
    }

    /// <summary>Sets owner and group of this directory.</summary>
    public void SetOwner(uint uid, uint gid)
    {
        byte empty = 0;
        Check(Libc.ChangeOwnerAt(_handle, &empty, uid, gid, Flags.EmptyPath), "set the owner of", Path);
    }

    /// <summary>Sets owner and group of the named entry; of a symbolic link, of the link.</summary>
    public void SetOwner(FileName name, uint uid, uint gid)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        Check(Libc.ChangeOwnerAt(_handle, native, uid, gid, Flags.SymlinkNoFollow), "set the owner of", name);
    }

    /// <summary>Sets the permissions (twelve bits) of this directory.</summary>
    public void SetPermissions(uint permissions) =>
        Check(Libc.ChangeMode(_handle, permissions & FileMetadata.PermissionMask), "set the permissions of", Path);

    /// <summary>Sets the permissions of the named entry; not for symbolic links, which have none.</summary>
    public void SetPermissions(FileName name, uint permissions)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        Check(
            Libc.ChangeModeAt(_handle, native, permissions & FileMetadata.PermissionMask, Flags.SymlinkNoFollow),
            "set the permissions of",
            name);
    }

    /// <summary>Sets the time of last change of this directory.</summary>
    public void SetModified(UnixNanos modified)
    {
        TimeSpec* times = stackalloc TimeSpec[2];
        Fill(times, modified);
        Check(Libc.SetTimes(_handle, times), "set the time of", Path);
    }

    /// <summary>Sets the time of last change of the named entry; of a symbolic link, of the link.</summary>
    public void SetModified(FileName name, UnixNanos modified)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        TimeSpec* times = stackalloc TimeSpec[2];
        Fill(times, modified);
        Check(Libc.SetTimesAt(_handle, native, times, Flags.SymlinkNoFollow), "set the time of", name);
    }

    /// <summary>Waits until all that was written to this directory's file system is on its storage.</summary>
    public void Sync() => Check(Libc.SyncFileSystem(_handle), "sync", Path);

    internal static void Fill(TimeSpec* times, UnixNanos modified)
    {
        times[0] = new TimeSpec { Nanos = Flags.TimeOmit };
        times[1] = new TimeSpec { Seconds = modified.Seconds, Nanos = modified.NanosOfSecond };
    }

    private void Check(int result, string action, FileName name)
    {
        if (result != 0)
        {
            throw new FileSystemException(Marshal.GetLastPInvokeError(), action, PathOf(name));
        }
    }

    internal static void Check(int result, string action, string path)
    {
        if (result != 0)
        {
            throw new FileSystemException(Marshal.GetLastPInvokeError(), action, path);
        }
    }

    private void Unlink(FileName name, int flags)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        Check(Libc.UnlinkAt(_handle, native, flags), "remove", name);
    }

    private (DirectoryHandle Directory, FileName Name, Queue<FileName> Directories) EmptyOfFiles(FileName name, CancellationToken cancellationToken)
    {
        DirectoryHandle directory = OpenDirectory(name);
        try
        {
            DirectoryListing listing = directory.List(cancellationToken);
            Queue<FileName> directories = new(listing.DirectoryCount);
            for (int i = 0; i < listing.Count; i++)
            {
                if (i < listing.DirectoryCount)
                {
                    directories.Enqueue(listing.NameAt(i));
                }
                else
                {
                    directory.Remove(listing.NameAt(i));
                }
            }

            return (directory, name, directories);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }
}
