using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// Reads stored bytes of packs. Small pieces come through a bounded cache of aligned blocks: contents that are read one after the
/// other (directories, small files) lie side by side, and one request fetches many of them. Large pieces are read directly.
/// </summary>
internal sealed class PackReader(IBlobStore store, long cacheBytes) : IAsyncDisposable
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Pieces above this are read without the cache.</summary>
    private const int MaxCachedPieceBytes = BlockBytes / 4;

    /// <summary>Lengths of packs to remember; all are forgotten when there are more.</summary>
    private const int MaxKnownLengths = 100_000;

    private readonly int _maxBlocks = (int)Math.Clamp(cacheBytes / BlockBytes, 2, int.MaxValue);
    private readonly CancellationTokenSource _ended = new();

    // Guards the three below. Blocks are ordered by last use, newest first.
    private readonly Lock _lock = new();
    private readonly Dictionary<(BlobName Pack, long Block), LinkedListNode<CachedBlock>> _blocks = [];
    private readonly LinkedList<CachedBlock> _order = new();
    private readonly Dictionary<BlobName, long> _lengths = [];

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

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
    }

    private async Task ReadDirectlyAsync(BlobName pack, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await using Stream stream = await store.OpenReadAsync(pack, new BlobRange(offset, destination.Length), cancellationToken);
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
            long block = offset / BlockBytes;
            byte[] bytes = await BlockAsync(pack, block, cancellationToken);
            int start = (int)(offset % BlockBytes);
            int count = Math.Min(destination.Length, BlockBytes - start);
            if (start + count > bytes.Length)
            {
                throw new RepositoryCorruptException(pack.ToString(), offset, $"{destination.Length} bytes", $"{Math.Max(0, bytes.Length - start)}");
            }

            bytes.AsSpan(start, count).CopyTo(destination.Span);
            destination = destination[count..];
            offset += count;
        }
    }

    private async Task<byte[]> BlockAsync(BlobName pack, long block, CancellationToken cancellationToken)
    {
        LinkedListNode<CachedBlock>? node;
        lock (_lock)
        {
            if (_blocks.TryGetValue((pack, block), out node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
            }
            else
            {
                // The load serves all who wait for the block, so it ends with the repository, not with one of them.
                node = _order.AddFirst(new CachedBlock(pack, block, Task.Run(() => LoadBlockAsync(pack, block, _ended.Token), _ended.Token)));
                _blocks.Add((pack, block), node);
                while (_blocks.Count > _maxBlocks && _order.Last is { } oldest)
                {
                    Forget(oldest);
                }
            }
        }

        try
        {
            return await node.Value.Bytes.WaitAsync(cancellationToken);
        }
        catch when (node.Value.Bytes is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            lock (_lock)
            {
                Forget(node);
            }

            throw;
        }
    }

    private async Task<byte[]> LoadBlockAsync(BlobName pack, long block, CancellationToken cancellationToken)
    {
        long packBytes = await LengthAsync(pack, cancellationToken);
        long start = block * BlockBytes;
        if (start >= packBytes)
        {
            return [];
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(BlockBytes, packBytes - start));
        await ReadDirectlyAsync(pack, start, bytes, cancellationToken);
        return bytes;
    }

    private async Task<long> LengthAsync(BlobName pack, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_lengths.TryGetValue(pack, out long known))
            {
                return known;
            }
        }

        BlobInfo info = await store.TryGetInfoAsync(pack, cancellationToken)
            ?? throw new Errors.BackupException(Errors.ErrorKind.NotFound, $"the pack {pack} is not in {store.DisplayName}", "Verify the repository.");
        lock (_lock)
        {
            if (_lengths.Count >= MaxKnownLengths)
            {
                _lengths.Clear();
            }

            _lengths[pack] = info.LengthBytes;
        }

        return info.LengthBytes;
    }

    private void Forget(LinkedListNode<CachedBlock> node)
    {
        if (node.List is not null)
        {
            _order.Remove(node);
            _blocks.Remove((node.Value.Pack, node.Value.Block));
        }
    }

    private sealed record CachedBlock(BlobName Pack, long Block, Task<byte[]> Bytes);
}
