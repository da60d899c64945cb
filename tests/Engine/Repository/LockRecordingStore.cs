using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>A store that notes which blobs were put locked, and until when.</summary>
internal sealed class LockRecordingStore(IBlobStore inner, bool supportsLocks = true) : ILockingBlobStore
{
    public ConcurrentDictionary<string, BlobLock> Locks { get; } = new();

    /// <summary>Blobs whose locks cannot be extended, and why.</summary>
    public Dictionary<string, ErrorKind> Refusals { get; } = [];

    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public Task<bool> SupportsLocksAsync(CancellationToken cancellationToken) => Task.FromResult(supportsLocks);

    public async Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken)
    {
        bool isPut = await inner.PutAsync(name, content, condition, cancellationToken);
        if (isPut)
        {
            Locks[name.ToString()] = blobLock;
        }

        return isPut;
    }

    public Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken)
    {
        if (Refusals.TryGetValue(name.ToString(), out ErrorKind kind))
        {
            throw new BackupException(kind, $"{name} is not locked", "");
        }

        Locks[name.ToString()] = blobLock;
        return Task.CompletedTask;
    }

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => inner.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) => inner.OpenReadAsync(name, range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        inner.PutAsync(name, content, condition, cancellationToken);

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) => inner.PutStreamAsync(name, content, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);
}
