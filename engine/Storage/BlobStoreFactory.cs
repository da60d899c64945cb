using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage.Folder;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Engine.Storage.Wrappers;

namespace BackupFunctions.Engine.Storage;

/// <summary>Opens stores, and is the one place that puts wrappers around them.</summary>
public static class BlobStoreFactory
{
    /// <summary>
    /// The provider with its wrappers, from the inside out: the provider makes one attempt; retry is around it, so that all
    /// that wraps further sees only failures that last; read-only is outermost, because what is refused need not be tried.
    /// No connection is made here: an unreachable or missing store fails at the first call.
    /// </summary>
    /// <param name="credentials">For S3; of no use to a folder.</param>
    /// <exception cref="BackupException">InvalidInput or AccessDenied when the URL, the CA file or the credentials cannot do.</exception>
    public static IBlobStore Open(BlobStoreUrl url, S3Credentials? credentials, BlobStoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        IBlobStore provider = url switch
        {
            FolderStoreUrl folder => new FolderBlobStore(folder.Path, time),
            S3StoreUrl s3 => new S3BlobStore(s3, credentials ?? throw NoCredentials(s3), options, time),
            _ => throw new ArgumentException($"{url.GetType().Name} is not a kind of store.", nameof(url)),
        };
        IBlobStore store = new RetryingBlobStore(provider, options, time);
        return options.ReadOnly ? new ReadOnlyBlobStore(store) : store;
    }

    /// <summary>The part of a store below <paramref name="folder"/> (one '/' at its end is optional) as a store of its own.</summary>
    public static IBlobStore SubTree(IBlobStore store, string folder)
    {
        string trimmed = folder.EndsWith('/') ? folder[..^1] : folder;
        return new PrefixedBlobStore(store, BlobName.Parse(trimmed) + "/");
    }

    /// <summary>The same store, but every write and deletion is refused.</summary>
    public static IBlobStore ReadOnly(IBlobStore store) => new ReadOnlyBlobStore(store);

    private static BackupException NoCredentials(S3StoreUrl url) => new(
        ErrorKind.AccessDenied,
        $"There are no credentials for {url}.",
        "Give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or an AWS credentials file.");
}
