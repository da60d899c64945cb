using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>A store without some of its blobs: what would be there if they were removed. They can neither be listed nor read; nothing can be put or deleted in their place.</summary>
internal sealed class HidingBlobStore(IBlobStore whole, IReadOnlySet<BlobName> hidden) : ILockingBlobStore
{
    public string DisplayName => whole.DisplayName;

    public bool SupportsConditionalPut => whole.SupportsConditionalPut;

    /// <summary>The hidden blobs.</summary>
    public IReadOnlySet<BlobName> Hidden => hidden;

    /// <summary>The store with all its blobs.</summary>
    public static IBlobStore WholeOf(IBlobStore store) => store is HidingBlobStore hiding ? hiding.Whole : store;

    private IBlobStore Whole => whole;

    public async Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) =>
        hidden.Contains(name) ? null : await whole.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) =>
        hidden.Contains(name)
            ? throw new BackupException(ErrorKind.NotFound, $"the damaged blob {name} in {DisplayName} is left out", "Repair the repository.")
            : whole.OpenReadAsync(name, range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        whole.PutAsync(Changeable(name), content, condition, cancellationToken);

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) =>
        whole.PutStreamAsync(Changeable(name), content, cancellationToken);

    public async Task<bool> SupportsLocksAsync(CancellationToken cancellationToken) =>
        whole is ILockingBlobStore locking && await locking.SupportsLocksAsync(cancellationToken);

    public Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken) =>
        StorageErrors.RequireLocks(whole).PutLockedAsync(Changeable(name), content, condition, blobLock, cancellationToken);

    public Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken) =>
        StorageErrors.RequireLocks(whole).ExtendLockAsync(Changeable(name), blobLock, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => whole.DeleteAsync(Changeable(name), cancellationToken);

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobInfo blob in whole.ListAsync(prefix, cancellationToken))
        {
            if (!hidden.Contains(blob.Name))
            {
                yield return blob;
            }
        }
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => whole.ListFoldersAsync(prefix, cancellationToken);

    private BlobName Changeable(BlobName name) =>
        hidden.Contains(name) ? throw new InvalidOperationException($"The blob {name} is hidden and is not to be changed.") : name;
}
