using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog.Files;

/// <summary>Stores a log as well as it can.</summary>
internal static class LogFile
{
    /// <summary>Null, or why it could not be stored: the log is worth less than the backup, so its failure is only reported.</summary>
    public static async Task<BackupException?> TryWriteAsync(
        IBlobStore store, BlobName blob, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream log = await open(cancellationToken);
            await store.PutStreamAsync(blob, log, cancellationToken);
            return null;
        }
        catch (BackupException e) when (e.Kind != ErrorKind.Canceled)
        {
            return e;
        }
    }
}
