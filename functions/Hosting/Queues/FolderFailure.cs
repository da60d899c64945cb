using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>What a failing folder means for the queue in it.</summary>
internal static class FolderFailure
{
    public static BackupException Of(string folder, Exception cause) => new(
        cause is UnauthorizedAccessException ? ErrorKind.AccessDenied : ErrorKind.Unavailable,
        $"The queue folder {folder} cannot be used: {cause.Message}",
        "Make it writable and give it space, or set BACKUP_QUEUE to another folder or AzureWebJobsStorage to a storage account.",
        cause);
}
