using System.ComponentModel;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>Turns what the file system says into failures that name the blob and the store.</summary>
internal sealed class FolderErrors(string store)
{
    internal BackupException From(Exception error, string action, string subject) => error switch
    {
        UnauthorizedAccessException => Denied(action, subject, error),
        PathTooLongException => TooLong(subject),
        IOException { HResult: 36 } => TooLong(subject), // ENAMETOOLONG
        _ => Unavailable($"Could not {action} {subject} in {store}: {error.Message}", error),
    };

    internal BackupException From(int errno, string action, string subject)
    {
        Win32Exception error = new(errno);
        return errno switch
        {
            1 or 13 => Denied(action, subject, error), // EPERM, EACCES
            36 => TooLong(subject),
            PosixFiles.NotDirectory or PosixFiles.IsDirectory or PosixFiles.NotEmpty or PosixFiles.Exists => InTheWay(subject),
            _ => Unavailable($"Could not {action} {subject} in {store}: {error.Message}", error),
        };
    }

    internal BackupException InTheWay(string subject) => new(
        ErrorKind.Conflict,
        $"Could not put {subject} in {store}: a folder store cannot hold a blob both by itself and as the folder of other blobs.",
        "Choose another name, or delete what is in the way.");

    internal BackupException LinkInTheWay(string path) => new(
        ErrorKind.Conflict,
        $"'{path}' in {store} is a symbolic link, which a store never follows.",
        "Replace the link by a real folder, or point the store's URL at the folder it leads to.");

    internal BackupException Reserved(string subject, string reserved) => new(
        ErrorKind.InvalidInput,
        $"{subject} cannot be put in {store}: '{reserved}' is where unfinished writes lie.",
        "Choose another name.");

    internal BackupException CannotPublishNew() => new(
        ErrorKind.Unsupported,
        $"The file system of {store} has neither hard links nor exclusive renames, so that a blob cannot be created only if it is absent.",
        "Keep the store on a local or NFS file system, or use an S3 store.");

    private BackupException Denied(string action, string subject, Exception error) => new(
        ErrorKind.AccessDenied,
        $"Not allowed to {action} {subject} in {store}.",
        "Give the user this program runs as the right to read and write below that folder.",
        error);

    private BackupException TooLong(string subject) => new(
        ErrorKind.InvalidInput,
        $"{subject} is too long a name for the file system of {store}.",
        "Keep every part of the name between slashes below 256 bytes.");

    private static BackupException Unavailable(string message, Exception error) => new(
        ErrorKind.Unavailable,
        message,
        "Check that the folder's disk or share is mounted, writable and not full, and try again.",
        error);
}
