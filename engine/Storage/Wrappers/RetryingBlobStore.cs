using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.Wrappers;

/// <summary>Repeats transient failures of another store; reads and listings go on where they broke.</summary>
internal sealed class RetryingBlobStore(IBlobStore inner, BlobStoreOptions options, TimeProvider time) : IMultipartBlobStore, IStagedBlobStore, ILockingBlobStore
{
    private readonly RetryPolicy policy = new(options, time);

    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) =>
        policy.RunAsync(token => inner.TryGetInfoAsync(name, token), cancellationToken);

    public async Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken)
    {
        Stream stream = await policy.RunAsync(token => inner.OpenReadAsync(name, range, token), cancellationToken);
        return stream is BlobReadStream known ? new ResumingReadStream(inner, name, known, range?.OffsetBytes ?? 0, policy) : stream;
    }

    /// <summary>
    /// An attempt whose answer was lost may have been carried out. So a condition that fails after such an attempt is looked
    /// into: if the blob holds just this content, this put was the one. Claims therefore hold something of their writer alone.
    /// </summary>
    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        PutAsync(token => inner.PutAsync(name, content, condition, token), name, content, cancellationToken);

    public async Task<bool> SupportsLocksAsync(CancellationToken cancellationToken) =>
        inner is ILockingBlobStore locking && await policy.RunAsync(locking.SupportsLocksAsync, cancellationToken);

    public Task<bool> PutLockedAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, BlobLock blobLock, CancellationToken cancellationToken)
    {
        ILockingBlobStore locking = StorageErrors.RequireLocks(inner);
        return PutAsync(token => locking.PutLockedAsync(name, content, condition, blobLock, token), name, content, cancellationToken);
    }

    public Task ExtendLockAsync(BlobName name, BlobLock blobLock, CancellationToken cancellationToken)
    {
        ILockingBlobStore locking = StorageErrors.RequireLocks(inner);
        return policy.RunAsync(
            async token =>
            {
                await locking.ExtendLockAsync(name, blobLock, token);
                return true;
            },
            cancellationToken);
    }

    public async Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        if (inner is IMultipartBlobStore)
        {
            return await StreamPut.RunAsync(this, name, content, cancellationToken);
        }

        // Stores without parts take the stream whole: it can be sent again only if it can be read again.
        if (!content.CanSeek)
        {
            return await inner.PutStreamAsync(name, content, cancellationToken);
        }

        long start = content.Position;
        return await policy.RunAsync(
            token =>
            {
                content.Position = start;
                return inner.PutStreamAsync(name, content, token);
            },
            cancellationToken);
    }

    /// <summary>Only the beginning is repeated: of a staged blob's later steps none may be.</summary>
    public Task<IStagedBlob?> TryStageAsync(BlobName name, CancellationToken cancellationToken) => inner is IStagedBlobStore staging
        ? policy.RunAsync(token => staging.TryStageAsync(name, token), cancellationToken)
        : Task.FromResult<IStagedBlob?>(null);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => policy.RunAsync(
        async token =>
        {
            await inner.DeleteAsync(name, token);
            return true;
        },
        cancellationToken);

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobName? last = null;
        await foreach (BlobInfo info in RepeatAsync(() => inner.ListAsync(prefix, cancellationToken), cancellationToken))
        {
            if (last is null || info.Name > last.Value)
            {
                last = info.Name;
                yield return info;
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (string folder in RepeatAsync(() => inner.ListFoldersAsync(prefix, cancellationToken), cancellationToken))
        {
            // Stores order folders with their '/' behind them: "a.b" before "a".
            if (last is null || Utf8Order.Compare(folder + "/", last + "/") > 0)
            {
                last = folder;
                yield return folder;
            }
        }
    }

    public async Task<IMultipartUpload> BeginUploadAsync(BlobName name, CancellationToken cancellationToken)
    {
        IMultipartBlobStore parts = inner as IMultipartBlobStore ?? throw new InvalidOperationException($"{inner.DisplayName} takes no parts.");
        return new RetryingUpload(await policy.RunAsync(token => parts.BeginUploadAsync(name, token), cancellationToken), policy);
    }

    /// <summary>Starts the listing again after a transient failure; the caller drops what it has seen.</summary>
    private async IAsyncEnumerable<T> RepeatAsync<T>(Func<IAsyncEnumerable<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RetryPolicy.Attempts attempts = policy.Start();
        bool done = false;
        while (!done)
        {
            await using IAsyncEnumerator<T> items = list().GetAsyncEnumerator(cancellationToken);
            bool broken = false;
            while (!broken)
            {
                try
                {
                    if (!await items.MoveNextAsync())
                    {
                        done = true;
                        break;
                    }
                }
                catch (BackupException error) when (error.IsTransient && !cancellationToken.IsCancellationRequested && attempts.MayGoOn())
                {
                    broken = true;
                    await attempts.WaitAsync(cancellationToken);
                    continue;
                }

                yield return items.Current;
            }
        }
    }

    private async Task<bool> PutAsync(
        Func<CancellationToken, Task<bool>> attempt, BlobName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        int attempts = 0;
        bool put = await policy.RunAsync(
            token =>
            {
                attempts++;
                return attempt(token);
            },
            cancellationToken);
        return put || (attempts > 1 && await HoldsAsync(name, content, cancellationToken));
    }

    private async Task<bool> HoldsAsync(BlobName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream stream = await OpenReadAsync(name, null, cancellationToken);
            byte[] stored = new byte[content.Length + 1];
            int read = await stream.ReadAtLeastAsync(stored, stored.Length, throwOnEndOfStream: false, cancellationToken);
            return read == content.Length && content.Span.SequenceEqual(stored.AsSpan(0, read));
        }
        catch (BackupException error) when (error.Kind == ErrorKind.NotFound)
        {
            return false; // Deleted by somebody else since: not ours.
        }
    }
}
