using System.Globalization;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>Index blobs by epochs (format versions 2 and 3).</summary>
internal sealed class EpochIndexBlobStore(IBlobStore store, RepositoryCrypto crypto, TimeSpan refreshFrequency, TimeProvider time) : IIndexBlobStore
{
    /// <summary>How often a listing that took too long, or a write overtaken by a new epoch, is begun again.</summary>
    private const int MaxAttempts = 10;

    public async Task<IndexBlobSet> ListActiveAsync(CancellationToken cancellationToken)
    {
        EpochState state = await ReadStateAsync(cancellationToken);
        return new IndexBlobSet(state.Active, state.WatermarkSeconds);
    }

    /// <summary>The whole state, from a listing that did not take longer than a state is good for.</summary>
    public async Task<EpochState> ReadStateAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            long start = time.GetTimestamp();
            List<BlobInfo> blobs = [];
            await foreach (BlobInfo blob in store.ListAsync(EpochBlobName.Prefix, cancellationToken))
            {
                blobs.Add(blob);
            }

            if (time.GetElapsedTime(start) <= refreshFrequency)
            {
                return EpochState.From(blobs);
            }
        }

        throw new BackupException(
            ErrorKind.Unavailable, $"listing the index blobs of {store.DisplayName} took longer than {refreshFrequency}, {MaxAttempts} times", "Look for what slows the store down, and try again.");
    }

    /// <summary>
    /// Puts the index into the current epoch (W4): the epoch must have been read less than a quarter of the refresh frequency ago when
    /// the put starts, and when it ends the epoch must not be settled, else its readers might have compacted it without this blob.
    /// </summary>
    public async Task<(BlobName Name, int StoredBytes)> WriteAsync(ReadOnlyMemory<byte> index, string sessionId, CancellationToken cancellationToken)
    {
        (string stem, byte[] stored) = crypto.EncryptBlob("", index.Span, sessionId + "-c1");
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            long start = time.GetTimestamp();
            long epoch = await ReadWriteEpochAsync(cancellationToken);
            if (time.GetElapsedTime(start) > refreshFrequency / 4)
            {
                continue;
            }

            BlobName name = BlobName.Parse(string.Create(CultureInfo.InvariantCulture, $"xn{epoch}_{stem}"));
            await store.PutAsync(name, stored, PutCondition.Always, cancellationToken);
            if (await ReadWriteEpochAsync(cancellationToken) < epoch + 2)
            {
                return (name, stored.Length);
            }

            await store.DeleteAsync(name, cancellationToken);
        }

        throw new BackupException(
            ErrorKind.Unavailable, $"an index could not be put into {store.DisplayName} before its epoch was over, {MaxAttempts} times", "Look for what slows the store down, and try again.");
    }

    private async Task<long> ReadWriteEpochAsync(CancellationToken cancellationToken)
    {
        long epoch = 0;
        await foreach (BlobInfo blob in store.ListAsync("xe", cancellationToken))
        {
            if (EpochBlobName.TryParse(blob.Name, out EpochBlobName name))
            {
                epoch = Math.Max(epoch, name.First);
            }
        }

        return epoch;
    }
}
