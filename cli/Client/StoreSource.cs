using BackupFunctions.Cli.Client.Direct;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Cli.Client;

/// <summary>Opens the store that a URL names, with the credentials of the environment.</summary>
internal static class StoreSource
{
    public const string Variable = "BACKUP_STORE";

    /// <param name="repeated">Told of each failure after which a call is made again.</param>
    /// <exception cref="BackupException">InvalidInput, NotFound or AccessDenied: it cannot be opened so.</exception>
    public static IBlobStore Open(string text, Func<string, string?> variable, Func<string, string> absolute, IProgress<BackupException>? repeated, TimeProvider time)
    {
        BlobStoreUrl url = BlobStoreUrl.Parse(text);
        if (url is FolderStoreUrl folder && !Directory.Exists(folder.Path))
        {
            throw new BackupException(ErrorKind.NotFound, $"The store's folder {folder.Path} does not exist.", "Check the path, or create the folder for a new store.");
        }

        S3Credentials? credentials = url is S3StoreUrl ? StoreCredentials.Read(variable, absolute) : null;
        return BlobStoreFactory.Open(url, credentials, new BlobStoreOptions { Repeated = repeated }, time);
    }
}
