using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>Reads parts of blobs past all caches: what is verified is what is stored.</summary>
internal static class StoredBytes
{
    /// <summary>Reads a part; the caller disposes the lease.</summary>
    /// <exception cref="RepositoryCorruptException">The blob ends before.</exception>
    public static async Task<PooledBytes> ReadAsync(IBlobStore store, BlobName blob, long offset, int length, CancellationToken cancellationToken)
    {
        PooledBytes bytes = PooledBytes.Rent(length);
        try
        {
            if (length > 0)
            {
                await using Stream stream = await store.OpenReadAsync(blob, new BlobRange(offset, length), cancellationToken);
                int read = await stream.ReadAtLeastAsync(bytes.Memory, length, throwOnEndOfStream: false, cancellationToken);
                if (read < length)
                {
                    throw new RepositoryCorruptException(blob.ToString(), offset, $"{length} bytes", $"{read}");
                }
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
