using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>The few system calls that .NET does not offer. Each answers 0 or the positive errno.</summary>
internal static partial class PosixFiles
{
    internal const int NoEntry = 2;
    internal const int Exists = 17;
    internal const int NotDirectory = 20;
    internal const int IsDirectory = 21;
    internal const int NotEmpty = 39;

    private const int NotPermitted = 1;
    private const int CrossDevice = 18;
    private const int Invalid = 22;
    private const int TooManyLinks = 31;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    private const int CurrentDirectory = -100;
    private const int OpenReadOnlyDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC; O_RDONLY is 0
    private const uint RenameNoReplace = 1;
    private const uint StartWrite = 2; // SYNC_FILE_RANGE_WRITE

    internal static int Rename(string from, string to) => Result(NativeRename(from, to));

    internal static int RemoveDirectory(string path) => Result(NativeRmdir(path));

    internal static int Unlink(string path) => Result(NativeUnlink(path));

    /// <summary>
    /// Gives the finished file its name if no file has it yet, in one step. A hard link first, because it also works on NFS;
    /// file systems without hard links get an exclusive rename.
    /// </summary>
    internal static int PublishNew(string from, string to)
    {
        int error = Result(NativeLink(from, to));
        switch (error)
        {
            case 0:
                _ = Unlink(from); // The blob is there; a temporary name that stays is swept later.
                return 0;
            case NotPermitted or NotSupported or NotImplemented or TooManyLinks or CrossDevice:
                return Result(NativeRenameAt2(CurrentDirectory, from, CurrentDirectory, to, RenameNoReplace));
            default:
                return error;
        }
    }

    /// <summary>Whether an errno of <see cref="PublishNew"/> means that the file system can do neither of the two.</summary>
    internal static bool CannotPublishNew(int error) => error is Invalid or NotSupported or NotImplemented;

    /// <summary>Makes the names in a folder durable.</summary>
    internal static int SyncDirectory(string path)
    {
        int handle = NativeOpen(path, OpenReadOnlyDirectory);
        if (handle < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int error = Result(NativeFsync(handle));
        _ = NativeClose(handle);

        // Some network and FUSE file systems refuse fsync on a folder; they write names through by themselves.
        return error is Invalid or NotSupported or NotImplemented ? 0 : error;
    }

    /// <summary>Tells the disk to begin with a written range. Only a hint, so what it answers does not matter: the flush waits and reports.</summary>
    internal static void BeginWriteback(SafeFileHandle file, long offset, long length) => _ = NativeSyncFileRange(file, offset, length, StartWrite);

    private static int Result(int returned) => returned == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeLink(string from, string to);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRename(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRmdir(string path);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeUnlink(string path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int NativeFsync(int handle);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int NativeSyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int NativeClose(int handle);
}
