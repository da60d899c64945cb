using System.Runtime.InteropServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files.Native;

namespace BackupFunctions.Engine.Files;

/// <summary>The file system refused a call on one path.</summary>
public sealed class FileSystemException : BackupException
{
    internal FileSystemException(int errorNumber, string action, string path)
        : base(KindOf(errorNumber), $"Cannot {action} '{path}': {Marshal.GetPInvokeErrorMessage(errorNumber)}.", RemedyOf(errorNumber))
    {
        ErrorNumber = errorNumber;
    }

    internal FileSystemException(ErrorKind kind, string path, string reason)
        : base(kind, $"Cannot go on with '{path}': {reason}.", "Move or remove it, then try again.")
    {
    }

    /// <summary>The number of the error (errno) on Linux; 0 when the refusal is our own.</summary>
    public int ErrorNumber { get; }

    /// <summary>Whether the volume is full, read-only or does not answer, so that other calls will fail as well.</summary>
    public bool IsOfWholeVolume => ErrorNumber is Errno.NoSpace or Errno.QuotaExceeded or Errno.ReadOnlyFileSystem or Errno.InputOutput or Errno.Stale;

    private static ErrorKind KindOf(int errorNumber) => errorNumber switch
    {
        Errno.NoEntry => ErrorKind.NotFound,
        Errno.Exists => ErrorKind.AlreadyExists,
        Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnlyFileSystem => ErrorKind.AccessDenied,
        Errno.NotDirectory or Errno.IsDirectory or Errno.NotEmpty or Errno.Loop => ErrorKind.Conflict,
        Errno.NotSupported or Errno.NoSystemCall or Errno.NameTooLong or Errno.Invalid => ErrorKind.Unsupported,
        _ => ErrorKind.Unavailable,
    };

    private static string RemedyOf(int errorNumber) => errorNumber switch
    {
        Errno.NoEntry => "Check the path and that the volume is mounted there.",
        Errno.AccessDenied or Errno.NotPermitted => "Let the worker run as a user who may do this, or change the permissions.",
        Errno.ReadOnlyFileSystem => "Mount the volume for writing.",
        Errno.NoSpace or Errno.QuotaExceeded => "Make room on the volume, then try again.",
        Errno.Exists or Errno.NotDirectory or Errno.IsDirectory or Errno.NotEmpty or Errno.Loop => "Move what is in the way, then try again.",
        Errno.NotSupported or Errno.NoSystemCall or Errno.NameTooLong or Errno.Invalid => "Use a file system that can hold this.",
        _ => "Check the volume's health (the server and network behind it, the kernel's log), then try again.",
    };
}
