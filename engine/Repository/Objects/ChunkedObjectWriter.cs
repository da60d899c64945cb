using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Repository.Splitting;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>
/// Cuts pushed bytes into chunks and writes them as contents. The pusher reads and splits; finished chunks are hashed and encrypted
/// beside it, each in the buffer that it was read into. An object of one chunk is written by the pusher itself.
/// </summary>
internal sealed class ChunkedObjectWriter(ObjectWriteContext context, char prefix, ObjectCompression compression, long? expectedBytes) : IAsyncDisposable
{
    private const int LeastBufferBytes = 4 << 10;

    private readonly Splitter _splitter = context.CreateSplitter();
    private readonly List<ObjectPart> _parts = [];
    private readonly Queue<(Task<ObjectId> Chunk, int LengthBytes)> _running = new();
    private ChunkBuffer? _buffer;
    private int _filled;
    private long _partsEnd;

    /// <summary>Bytes taken so far.</summary>
    public long LengthBytes { get; private set; }

    public Memory<byte> GetMemory(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        if (_buffer is null || _filled == _buffer.Capacity)
        {
            Grow();
        }

        Memory<byte> free = _buffer!.Plain[_filled..]; // Grow set it
        return free.Length > maxBytes ? free[..maxBytes] : free;
    }

    public async ValueTask AdvanceAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (_buffer?.Capacity ?? 0) - _filled);
        LengthBytes += count;
        int from = _filled;
        _filled += count;
        while (_buffer is { } buffer && _splitter.NextSplitPoint(buffer.Plain.Span[from.._filled]) is var cut and > 0)
        {
            int chunkBytes = from + cut;
            int rest = _filled - chunkBytes;
            await EnterLaneAsync(cancellationToken); // before there is another buffer, which nobody could work on yet
            ChunkBuffer? next = null;
            if (rest > 0)
            {
                next = new ChunkBuffer(BufferBytesFor(_partsEnd + chunkBytes));
                buffer.Plain.Span.Slice(chunkBytes, rest).CopyTo(next.Plain.Span);
            }

            _buffer = next;
            _filled = rest;
            from = 0;
            Submit(buffer, chunkBytes, cancellationToken);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            Memory<byte> free = GetMemory(bytes.Length);
            bytes[..free.Length].CopyTo(free);
            await AdvanceAsync(free.Length, cancellationToken);
            bytes = bytes[free.Length..];
        }
    }

    public async Task<ObjectId> FinishAsync(CancellationToken cancellationToken)
    {
        if (_partsEnd == 0 && _running.Count == 0)
        {
            return await WriteChunkAsync(_buffer ??= new ChunkBuffer(0), _filled, cancellationToken);
        }

        if (_filled > 0 && _buffer is { } last)
        {
            await EnterLaneAsync(cancellationToken);
            _buffer = null;
            Submit(last, _filled, cancellationToken);
            _filled = 0;
        }

        while (_running.Count > 0)
        {
            await CollectAsync();
        }

        return _parts.Count == 1 ? _parts[0].Id : await IndirectListWriter.WriteAsync(context, prefix, _parts, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _buffer?.Dispose();
        _buffer = null;
        foreach ((Task<ObjectId> chunk, _) in _running)
        {
            // The object is given up, so how the rest of it ended does not matter; only its buffers must be back.
            await chunk.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
        }

        _running.Clear();
    }

    private void Grow()
    {
        if (_buffer is not { } full)
        {
            _buffer = new ChunkBuffer(BufferBytesFor(LengthBytes));
            return;
        }

        ChunkBuffer larger = new ChunkBuffer((int)Math.Min(2L * full.Capacity, _splitter.MaxSegmentBytes));
        full.Plain.Span[.._filled].CopyTo(larger.Plain.Span);
        full.Dispose();
        _buffer = larger;
    }

    /// <summary>A buffer for what is expected from an offset on, and a little more, so that the end is seen without growing.</summary>
    private int BufferBytesFor(long offset)
    {
        long expected = expectedBytes is { } total ? Math.Max(total - offset, 0) + LeastBufferBytes : offset == 0 ? LeastBufferBytes : _splitter.MaxSegmentBytes;
        return (int)Math.Min(expected, _splitter.MaxSegmentBytes);
    }

    private async ValueTask EnterLaneAsync(CancellationToken cancellationToken)
    {
        while (_running.Count >= context.LanesPerObject)
        {
            await CollectAsync();
        }

        await context.Lanes.WaitAsync(cancellationToken);
    }

    /// <summary>Hands a chunk over to the lane that was entered; takes the ownership of its buffer.</summary>
    private void Submit(ChunkBuffer buffer, int chunkBytes, CancellationToken cancellationToken)
    {
        Task<ObjectId> chunk = Task.Run(
            async () =>
            {
                try
                {
                    return await WriteChunkAsync(buffer, chunkBytes, cancellationToken);
                }
                finally
                {
                    buffer.Dispose();
                    context.Lanes.Release();
                }
            },
            CancellationToken.None);
        _running.Enqueue((chunk, chunkBytes));
        _partsEnd += chunkBytes;
    }

    private async ValueTask CollectAsync()
    {
        (Task<ObjectId> chunk, int length) = _running.Dequeue();
        long start = _parts.Count == 0 ? 0 : _parts[^1].Start + _parts[^1].LengthBytes;
        _parts.Add(new ObjectPart(start, length, await chunk));
    }

    private ValueTask<ObjectId> WriteChunkAsync(ChunkBuffer chunk, int chunkBytes, CancellationToken cancellationToken) =>
        context.WriteChunkAsync(prefix, chunk, chunkBytes, compression, cancellationToken);
}
