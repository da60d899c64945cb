using System.Runtime.InteropServices;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Makes the names in a folder durable, which .NET has no call for.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0; // O_RDONLY on every architecture

    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // other systems write directory entries through or journal them
        }

        int descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"{directory} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        }

        int result = Fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"{directory} cannot be flushed (errno {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
