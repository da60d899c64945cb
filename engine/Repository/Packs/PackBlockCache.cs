using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// The blocks of packs used last, in pooled memory. A block is loaded once however many want it, and its memory goes back when it
/// was pushed out and the last reader has left it. Thread-safe.
/// </summary>
/// <param name="load">Loads a block; the cache owns what it returns.</param>
/// <param name="cacheBytes">Memory for blocks; those in use may be above it.</param>
internal sealed class PackBlockCache(Func<BlobName, long, CancellationToken, Task<PooledBytes>> load, long cacheBytes) : IAsyncDisposable
{
    /// <summary>Length of a block, but for the last of a pack.</summary>
    public const int BlockBytes = 1 << 20;

    private readonly int _maxBlocks = (int)Math.Clamp(cacheBytes / BlockBytes, 2, int.MaxValue);
    private readonly CancellationTokenSource _ended = new();

    // Guards the two below and the blocks' users. Blocks are ordered by last use, newest first.
    private readonly Lock _lock = new();
    private readonly Dictionary<(BlobName Pack, long Index), LinkedListNode<Block>> _blocks = [];
    private readonly LinkedList<Block> _order = new();

    /// <summary>Gets a block from the cache, or loads it. The caller disposes the lease.</summary>
    public async ValueTask<Lease> GetAsync(BlobName pack, long index, CancellationToken cancellationToken)
    {
        LinkedListNode<Block> node = Enter(pack, index);
        Task<PooledBytes> bytes = node.Value.Bytes;
        try
        {
            return new Lease(this, node.Value, await bytes.WaitAsync(cancellationToken));
        }
        catch
        {
            bool isFailed = bytes is { IsCompleted: true, IsCompletedSuccessfully: false };
            Leave(node.Value, forget: isFailed ? node : null);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
    }

    private LinkedListNode<Block> Enter(BlobName pack, long index)
    {
        lock (_lock)
        {
            if (_blocks.TryGetValue((pack, index), out LinkedListNode<Block>? node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
            }
            else
            {
                // The load serves all who wait for the block, so it ends with the repository, not with one of them.
                node = _order.AddFirst(new Block(pack, index, Task.Run(() => load(pack, index, _ended.Token), _ended.Token)));
                _blocks.Add((pack, index), node);
                while (_blocks.Count > _maxBlocks && _order.Last is { } oldest)
                {
                    Forget(oldest);
                }
            }

            node.Value.Users++;
            return node;
        }
    }

    private void Leave(Block block, LinkedListNode<Block>? forget)
    {
        lock (_lock)
        {
            block.Users--;
            if (forget is not null)
            {
                Forget(forget);
            }

            ReleaseIfUnused(block);
        }
    }

    private void Forget(LinkedListNode<Block> node)
    {
        if (node.List is not null)
        {
            _order.Remove(node);
            _blocks.Remove((node.Value.Pack, node.Value.Index));
            node.Value.IsForgotten = true;
            ReleaseIfUnused(node.Value);
        }
    }

    private static void ReleaseIfUnused(Block block)
    {
        // A load that nobody waits for any more leaves its memory to the collector.
        if (block is { IsForgotten: true, Users: 0, Bytes.IsCompletedSuccessfully: true })
        {
            block.Bytes.Result.Dispose();
        }
    }

    /// <summary>A block that stays as it is until this is disposed.</summary>
    internal readonly struct Lease(PackBlockCache cache, Block block, PooledBytes bytes) : IDisposable
    {
        public ReadOnlySpan<byte> Span => bytes.Span;

        public void Dispose() => cache.Leave(block, forget: null);
    }

    internal sealed class Block(BlobName pack, long index, Task<PooledBytes> bytes)
    {
        public BlobName Pack { get; } = pack;

        public long Index { get; } = index;

        public Task<PooledBytes> Bytes { get; } = bytes;

        public int Users { get; set; }

        public bool IsForgotten { get; set; }
    }
}
