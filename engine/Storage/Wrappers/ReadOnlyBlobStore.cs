namespace BackupFunctions.Engine.Storage.Wrappers;

/// <summary>Lets reads through and refuses every write and deletion with AccessDenied.</summary>
internal sealed class ReadOnlyBlobStore(IBlobStore inner) : ILockingBlobStore
{
    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => inner.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(name, range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        Task.FromException<bool>(StorageErrors.ReadOnly(name, DisplayName));

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) =>
        Task.FromException<long>(StorageErrors.ReadOnly(name, DisplayName));

    public async Task<bool> SupportsLocksAsync(CancellationToken cancellationToken) =>
        inner is ILockingBlobStore locking && await locking.SupportsLocksAsync(cancellationToken);

    public Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken) =>
        Task.FromException<bool>(StorageErrors.ReadOnly(name, DisplayName));

    public Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken) =>
        Task.FromException(StorageErrors.ReadOnly(name, DisplayName));

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => Task.FromException(StorageErrors.ReadOnly(name, DisplayName));

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListFoldersAsync(prefix, cancellationToken);
}
