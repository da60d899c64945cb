using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// Reads stored bytes of packs. Small pieces come through a bounded cache of aligned blocks: contents that are read one after the
/// other (directories, small files) lie side by side, and one request fetches many of them. Large pieces are read directly.
/// </summary>
internal sealed class PackReader : IAsyncDisposable
{
    /// <summary>Pieces above this are read without the cache.</summary>
    private const int MaxCachedPieceBytes = PackBlockCache.BlockBytes / 4;

    private readonly IBlobStore _store;
    private readonly PackLengths _lengths;
    private readonly PackBlockCache _blocks;

    /// <param name="store">The repository's.</param>
    /// <param name="cacheBytes">Memory for blocks.</param>
    public PackReader(IBlobStore store, long cacheBytes)
    {
        _store = store;
        _lengths = new PackLengths(store);
        _blocks = new PackBlockCache(LoadBlockAsync, cacheBytes);
    }

    /// <summary>Reads a piece of a pack; the caller disposes the lease.</summary>
    /// <exception cref="Errors.BackupException">NotFound: the pack is gone; Corrupt: it is too short.</exception>
    public async Task<PooledBytes> ReadAsync(BlobName pack, long offset, int length, CancellationToken cancellationToken)
    {
        PooledBytes piece = PooledBytes.Rent(length);
        try
        {
            await (length <= MaxCachedPieceBytes && length > 0
                ? ReadThroughCacheAsync(pack, offset, piece.Memory, cancellationToken)
                : ReadDirectlyAsync(pack, offset, piece.Memory, cancellationToken));
            return piece;
        }
        catch
        {
            piece.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _blocks.DisposeAsync();

    private async Task ReadDirectlyAsync(BlobName pack, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await using Stream stream = await _store.OpenReadAsync(pack, new BlobRange(offset, destination.Length), cancellationToken);
        int read = await stream.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < destination.Length)
        {
            throw new RepositoryCorruptException(pack.ToString(), offset, $"{destination.Length} bytes", $"{read}");
        }
    }

    private async Task ReadThroughCacheAsync(BlobName pack, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            int start = (int)(offset % PackBlockCache.BlockBytes);
            using PackBlockCache.Lease block = await _blocks.GetAsync(pack, offset / PackBlockCache.BlockBytes, cancellationToken);
            int count = Math.Min(destination.Length, PackBlockCache.BlockBytes - start);
            if (start + count > block.Span.Length)
            {
                throw new RepositoryCorruptException(pack.ToString(), offset, $"{destination.Length} bytes", $"{Math.Max(0, block.Span.Length - start)}");
            }

            block.Span.Slice(start, count).CopyTo(destination.Span);
            destination = destination[count..];
            offset += count;
        }
    }

    private async Task<PooledBytes> LoadBlockAsync(BlobName pack, long block, CancellationToken cancellationToken)
    {
        long start = block * PackBlockCache.BlockBytes;
        long packBytes = await _lengths.GetAsync(pack, cancellationToken);
        PooledBytes bytes = PooledBytes.Rent((int)Math.Clamp(packBytes - start, 0, PackBlockCache.BlockBytes));
        try
        {
            if (bytes.Length > 0)
            {
                await ReadDirectlyAsync(pack, start, bytes.Memory, cancellationToken);
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
