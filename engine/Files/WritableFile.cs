using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Engine.Files.Native;
using BackupFunctions.Engine.Time;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Files;

/// <summary>A regular file open for writing. Writes name their offset, so they may run concurrently. The opener disposes it.</summary>
public sealed unsafe class WritableFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    internal WritableFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>Where it was when it was opened, for messages.</summary>
    public string Path { get; }

    /// <summary>What it is like now.</summary>
    public FileMetadata GetMetadata() => DirectoryHandle.Inspect(_handle, Path);

    /// <summary>Writes all the bytes at the offset; what is skipped over stays a hole.</summary>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            int written = 0;
            while (written < bytes.Length)
            {
                nint count = Libc.Write(_handle, buffer + written, (nuint)(bytes.Length - written), offsetBytes + written);
                if (count > 0)
                {
                    written += (int)count;
                    continue;
                }

                int error = count < 0 ? Marshal.GetLastPInvokeError() : Errno.NoSpace;
                if (error != Errno.Interrupted)
                {
                    throw new FileSystemException(error, "write", Path);
                }
            }
        }
    }

    /// <summary>Sets the length: cuts off, or adds a hole.</summary>
    public void SetLength(long lengthBytes) => DirectoryHandle.Check(Libc.Truncate(_handle, lengthBytes), "set the length of", Path);

    /// <summary>Sets owner and group. Clears set-user-id and set-group-id, so set permissions afterwards.</summary>
    public void SetOwner(uint uid, uint gid)
    {
        byte empty = 0;
        DirectoryHandle.Check(Libc.ChangeOwnerAt(_handle, &empty, uid, gid, Flags.EmptyPath), "set the owner of", Path);
    }

    /// <summary>Sets the permissions (twelve bits).</summary>
    public void SetPermissions(uint permissions) =>
        DirectoryHandle.Check(Libc.ChangeMode(_handle, permissions & FileMetadata.PermissionMask), "set the permissions of", Path);

    /// <summary>Sets an extended attribute.</summary>
    public void SetExtendedAttribute(ExtendedAttribute attribute)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(attribute.Name + '\0'))
        fixed (byte* value = attribute.Value.Span)
        {
            DirectoryHandle.Check(
                Libc.SetAttribute(_handle, name, value, (nuint)attribute.Value.Length, 0), $"set the extended attribute {attribute.Name} of", Path);
        }
    }

    /// <summary>Sets the time of last change; to be done last.</summary>
    public void SetModified(UnixNanos modified)
    {
        TimeSpec* times = stackalloc TimeSpec[2];
        DirectoryHandle.Fill(times, modified);
        DirectoryHandle.Check(Libc.SetTimes(_handle, times), "set the time of", Path);
    }

    public void Dispose() => _handle.Dispose();
}
