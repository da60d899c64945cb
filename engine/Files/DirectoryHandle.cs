using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Files.Native;
using BackupFunctions.Engine.Time;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Files;

/// <summary>
/// An open directory. Everything is done relative to it and to one name, and a symbolic link is never followed (but for the path
/// that <see cref="Open"/> is given), so nothing outside of the tree below it is reached whatever others do to the tree meanwhile.
/// Calls block; they may be made concurrently. Failures are <see cref="FileSystemException"/>. The opener disposes it.
/// </summary>
public sealed unsafe partial class DirectoryHandle : IDisposable
{
    private const int MaxSymlinkBytes = 4096;
    private const int ListBufferBytes = 64 << 10;

    private readonly SafeFileHandle _handle;

    private DirectoryHandle(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>Where it was when it was opened, for messages.</summary>
    public string Path { get; }

    /// <summary>Opens the root of a tree; its path may lead over symbolic links.</summary>
    /// <param name="path">An absolute path.</param>
    public static DirectoryHandle Open(string path)
    {
        if (!System.IO.Path.IsPathRooted(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{path}' is not an absolute path.", nameof(path));
        }

        byte[] bytes = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* name = bytes)
        {
            int descriptor = Libc.Open(name, Flags.ReadOnly | Flags.Directory | Flags.CloseOnExec, 0);
            return descriptor >= 0
                ? new DirectoryHandle(new SafeFileHandle(descriptor, ownsHandle: true), path)
                : throw new FileSystemException(Marshal.GetLastPInvokeError(), "open the directory", path);
        }
    }

    /// <summary>Opens a directory in this one.</summary>
    public DirectoryHandle OpenDirectory(FileName name) =>
        new(OpenAt(name, Flags.ReadOnly | Flags.Directory, 0, "open the directory"), PathOf(name));

    /// <summary>Opens a regular file in this directory for reading.</summary>
    /// <exception cref="FileSystemException">Conflict as well when it is not a regular file any more.</exception>
    public ReadableFile OpenFile(FileName name)
    {
        // Not blocking, so that a pipe that took the file's place does not stop us; it is refused below.
        const int ReadFlags = Flags.ReadOnly | Flags.NonBlocking | Flags.NoTerminal;
        SafeFileHandle handle;
        try
        {
            handle = OpenAt(name, ReadFlags | Flags.NoAccessTime, 0, "open");
        }
        catch (FileSystemException error) when (error.ErrorNumber == Errno.NotPermitted)
        {
            handle = OpenAt(name, ReadFlags, 0, "open"); // only a file's owner may leave its access time alone
        }

        try
        {
            return new ReadableFile(handle, PathOf(name));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>What this directory is like.</summary>
    public FileMetadata GetMetadata() => Inspect(_handle, Path);

    /// <summary>What the named entry is like; of a symbolic link, the link itself.</summary>
    public FileMetadata GetMetadata(FileName name) =>
        TryGetMetadata(name) ?? throw new FileSystemException(Errno.NoEntry, "inspect", PathOf(name));

    /// <summary>What the named entry is like, or null when there is none.</summary>
    public FileMetadata? TryGetMetadata(FileName name)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        Statx stat;
        if (Libc.Statx(_handle, native, Flags.SymlinkNoFollow | Flags.NoAutomount, Flags.StatxBasic, &stat) == 0)
        {
            return MetadataOf(stat);
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Errno.NoEntry ? null : throw new FileSystemException(error, "inspect", PathOf(name));
    }

    /// <summary>The bytes of a symbolic link's target.</summary>
    public byte[] ReadSymlink(FileName name)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        byte* target = stackalloc byte[MaxSymlinkBytes];
        nint length = Libc.ReadLinkAt(_handle, native, target, MaxSymlinkBytes);
        return length >= 0
            ? new ReadOnlySpan<byte>(target, (int)length).ToArray()
            : throw new FileSystemException(Marshal.GetLastPInvokeError(), "read the symbolic link", PathOf(name));
    }

    /// <summary>All names in this directory with their kinds, directories first, each sorted by bytes.</summary>
    public DirectoryListing List(CancellationToken cancellationToken)
    {
        // A handle of its own, because the position in the directory belongs to the handle.
        byte* self = stackalloc byte[] { (byte)'.', 0 };
        int descriptor = OpenNative(self, Flags.ReadOnly | Flags.Directory, 0);
        if (descriptor < 0)
        {
            throw new FileSystemException(Marshal.GetLastPInvokeError(), "list", Path);
        }

        using SafeFileHandle position = new(descriptor, ownsHandle: true);
        using PooledBytes buffer = PooledBytes.Rent(ListBufferBytes);
        DirectoryListing.Builder builder = new();
        fixed (byte* start = buffer.Span)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                nint length = Libc.GetDirectoryEntries(position, start, ListBufferBytes);
                if (length < 0)
                {
                    throw new FileSystemException(Marshal.GetLastPInvokeError(), "list", Path);
                }

                if (length == 0)
                {
                    return builder.Build(name => TryGetMetadata(name)?.Kind);
                }

                builder.Add(buffer.Span[..(int)length]);
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    internal static FileMetadata Inspect(SafeFileHandle handle, string path)
    {
        byte empty = 0;
        Statx stat;
        return Libc.Statx(handle, &empty, Flags.EmptyPath | Flags.NoAutomount, Flags.StatxBasic, &stat) == 0
            ? MetadataOf(stat)
            : throw new FileSystemException(Marshal.GetLastPInvokeError(), "inspect", path);
    }

    private static FileMetadata MetadataOf(in Statx stat) => new(
        Flags.KindOf(stat.Mode),
        stat.Mode & FileMetadata.PermissionMask,
        stat.Uid,
        stat.Gid,
        (long)stat.Length,
        UnixNanos.FromSeconds(Math.Clamp(stat.Modified.Seconds, MinSeconds, MaxSeconds), (int)stat.Modified.Nanos),
        stat.LinkCount,
        new FileIdentity(((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor, stat.Inode),
        (long)stat.Blocks * 512,
        stat.NodeMajor,
        stat.NodeMinor);

    // What nanoseconds since 1970 can hold: 1677 to 2262.
    private const long MinSeconds = (long.MinValue / 1_000_000_000) + 1;
    private const long MaxSeconds = (long.MaxValue / 1_000_000_000) - 1;

    private string PathOf(FileName name) => Path.EndsWith('/') ? Path + name : Path + "/" + name;

    private SafeFileHandle OpenAt(FileName name, int flags, uint mode, string action)
    {
        byte* native = stackalloc byte[NativeName.MaxBytes];
        NativeName.Write(name, new Span<byte>(native, NativeName.MaxBytes));
        int descriptor = OpenNative(native, flags, mode);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new FileSystemException(Marshal.GetLastPInvokeError(), action, PathOf(name));
    }

    private int OpenNative(byte* name, int flags, uint mode)
    {
        while (true)
        {
            int descriptor = Libc.OpenAt(_handle, name, flags | Flags.NoFollow | Flags.CloseOnExec, mode);
            if (descriptor >= 0 || Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                return descriptor;
            }
        }
    }
}
