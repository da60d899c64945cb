using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>
/// The store of a repository with retention: packs, index blobs and the format blobs are put locked, for the repository's period from
/// now on; all else passes (docs/repository-format.md, "Object lock"; Kopia v0.23.1 <c>repo/locking_storage.go</c>).
/// </summary>
internal sealed class RetentionBlobStore(IBlobStore inner, RetentionConfig retention, TimeProvider time) : IBlobStore
{
    /// <summary>What the names of locked blobs start with; <c>p</c> and <c>q</c> are packs, <c>n</c> and <c>x</c> indexes.</summary>
    private static readonly string[] LockedPrefixes = ["n", "x", FormatBlob.BlobId, RetentionConfig.BlobId, "p", "q"];

    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    /// <summary>How long locks last.</summary>
    public TimeSpan Period => retention.PeriodTime;

    /// <summary>Whether blobs of this name are locked.</summary>
    public static bool IsLocked(BlobName name) =>
        Array.Exists(LockedPrefixes, prefix => name.ToString().StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>To be called before the first write.</summary>
    /// <exception cref="BackupException">Unsupported: the store cannot lock, or the mode is not known; nothing has been written.</exception>
    public static async Task RequireSupportedAsync(IBlobStore store, RetentionConfig retention, CancellationToken cancellationToken)
    {
        _ = retention.LockMode;
        if (store is not ILockingBlobStore locking || !await locking.SupportsLocksAsync(cancellationToken))
        {
            throw new BackupException(
                ErrorKind.Unsupported,
                $"the repository in {store.DisplayName} wants its blobs locked ({retention.Mode}), which that store cannot do",
                "Use an S3 bucket that was created with object lock, or turn off the repository's retention.");
        }
    }

    /// <summary>Makes the lock of a blob last for the repository's period from now on; blobs that are not locked are left alone.</summary>
    public async Task ExtendAsync(BlobName name, CancellationToken cancellationToken)
    {
        if (IsLocked(name))
        {
            await Locking.ExtendLockAsync(name, NewLock(), cancellationToken);
        }
    }

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) => IsLocked(name)
        ? Locking.PutLockedAsync(name, content, condition, NewLock(), cancellationToken)
        : inner.PutAsync(name, content, condition, cancellationToken);

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) => IsLocked(name)
        ? throw new InvalidOperationException($"The blob {name} is to be locked, so it must be put in one piece.")
        : inner.PutStreamAsync(name, content, cancellationToken);

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => inner.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) => inner.OpenReadAsync(name, range, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);

    private ILockingBlobStore Locking => StorageErrors.RequireLocks(inner);

    private BlobLock NewLock() => new(retention.LockMode, time.GetUtcNow() + retention.PeriodTime);
}
