using System.Runtime.InteropServices;
using BackupFunctions.Engine.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Files;

/// <summary>A regular file open for reading. Reads name their offset, so they may run concurrently. The opener disposes it.</summary>
public sealed unsafe class ReadableFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    internal ReadableFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
        Metadata = DirectoryHandle.Inspect(handle, path);
        if (Metadata.Kind != FileKind.Regular)
        {
            throw new FileSystemException(Errno.Loop, "open as a regular file", path);
        }

        _ = Libc.Advise(handle, 0, 0, Flags.AdviseSequential); // a hint; that it is not taken does no harm
    }

    /// <summary>Where it was when it was opened, for messages.</summary>
    public string Path { get; }

    /// <summary>What it was like when it was opened.</summary>
    public FileMetadata Metadata { get; }

    /// <summary>What it is like now.</summary>
    public FileMetadata GetMetadata() => DirectoryHandle.Inspect(_handle, Path);

    /// <summary>Reads at most as many bytes as <paramref name="destination"/> takes.</summary>
    /// <returns>How many were read; 0 at the end of the file.</returns>
    public int Read(long offsetBytes, Span<byte> destination)
    {
        fixed (byte* buffer = destination)
        {
            while (true)
            {
                nint count = Libc.Read(_handle, buffer, (nuint)destination.Length, offsetBytes);
                if (count >= 0)
                {
                    return (int)count;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted)
                {
                    throw new FileSystemException(error, "read", Path);
                }
            }
        }
    }

    /// <summary>
    /// The first range of data at or after the offset; what lies before it is a hole. Null when there is only a hole until the end.
    /// On a file system that does not know about holes everything is data.
    /// </summary>
    public FileRange? FindData(long offsetBytes)
    {
        long start = Libc.Seek(_handle, offsetBytes, Flags.SeekData);
        if (start < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error switch
            {
                Errno.NoDeviceOrAddress => null,
                Errno.Invalid or Errno.NotSupported => new FileRange(offsetBytes, long.MaxValue - offsetBytes),
                _ => throw new FileSystemException(error, "find data in", Path),
            };
        }

        long end = Libc.Seek(_handle, start, Flags.SeekHole);
        return end > start ? new FileRange(start, end - start) : null; // it was cut short meanwhile
    }

    public void Dispose() => _handle.Dispose();
}
