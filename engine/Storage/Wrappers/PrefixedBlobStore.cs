using System.Runtime.CompilerServices;

namespace BackupFunctions.Engine.Storage.Wrappers;

/// <summary>A sub-tree of another store as a store of its own: every name is put behind the prefix, which ends in '/'.</summary>
internal sealed class PrefixedBlobStore(IBlobStore inner, string prefix) : IStagedBlobStore, ILockingBlobStore
{
    public string DisplayName => $"{inner.DisplayName} below {prefix}";

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public async Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) =>
        await inner.TryGetInfoAsync(Full(name), cancellationToken) is { } info ? info with { Name = name } : null;

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(Full(name), range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        inner.PutAsync(Full(name), content, condition, cancellationToken);

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) =>
        inner.PutStreamAsync(Full(name), content, cancellationToken);

    public Task<IStagedBlob?> TryStageAsync(BlobName name, CancellationToken cancellationToken) =>
        inner is IStagedBlobStore staging ? staging.TryStageAsync(Full(name), cancellationToken) : Task.FromResult<IStagedBlob?>(null);

    public async Task<bool> SupportsLocksAsync(CancellationToken cancellationToken) =>
        inner is ILockingBlobStore locking && await locking.SupportsLocksAsync(cancellationToken);

    public Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken) =>
        StorageErrors.RequireLocks(inner).PutLockedAsync(Full(name), content, condition, blobLock, cancellationToken);

    public Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken) =>
        StorageErrors.RequireLocks(inner).ExtendLockAsync(Full(name), blobLock, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(Full(name), cancellationToken);

    public async IAsyncEnumerable<BlobInfo> ListAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobInfo info in inner.ListAsync(prefix + start, cancellationToken))
        {
            yield return info with { Name = BlobName.Parse(info.Name.ToString()[prefix.Length..]) };
        }
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string start, CancellationToken cancellationToken) =>
        inner.ListFoldersAsync(prefix + start, cancellationToken);

    private BlobName Full(BlobName name) => BlobName.Parse(prefix + name);
}
