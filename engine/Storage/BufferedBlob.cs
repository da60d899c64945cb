using BackupFunctions.Engine.Buffers;

namespace BackupFunctions.Engine.Storage;

/// <summary>A blob that is written in pieces for a store that has to be given it whole: it is kept in memory, which grows with it.</summary>
internal sealed class BufferedBlob(IBlobStore store, BlobName name) : IStagedBlob
{
    private const int FirstBytes = 64 << 10;

    // From here on it is about to become a pack: one more step takes most of them, and leaves no odd sizes in the pool.
    private const int LargeBytes = 8 << 20;

    // Guards the two below; the copying too, because growing moves the bytes.
    private readonly Lock _lock = new();
    private PooledBytes _buffer = PooledBytes.Rent(FirstBytes);
    private int _length;

    /// <summary>Begins a blob in the way that the store offers. The caller disposes it.</summary>
    public static async Task<IStagedBlob> BeginAsync(IBlobStore store, BlobName name, CancellationToken cancellationToken) =>
        store is IStagedBlobStore staging && await staging.TryStageAsync(name, cancellationToken) is { } staged ? staged : new BufferedBlob(store, name);

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        int end = checked((int)(offset + bytes.Length));
        lock (_lock)
        {
            if (end > _buffer.Length)
            {
                PooledBytes larger = PooledBytes.Rent((int)Math.Min(Math.Max(end, (_buffer.Length < LargeBytes ? 2L : 4L) * _buffer.Length), Array.MaxLength));
                _buffer.Span[.._length].CopyTo(larger.Span);
                _buffer.Dispose();
                _buffer = larger;
            }

            bytes.Span.CopyTo(_buffer.Span[(int)offset..]);
            _length = Math.Max(_length, end);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReadAsync(long offset, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _buffer.Span.Slice((int)offset, bytes.Length).CopyTo(bytes.Span);
        }

        return ValueTask.CompletedTask;
    }

    public Task PublishAsync(CancellationToken cancellationToken) => store.PutAsync(name, _buffer.Memory[.._length], PutCondition.Always, cancellationToken);

    public ValueTask DisposeAsync()
    {
        lock (_lock) // else a slow writer would copy into bytes that are somebody else's by then
        {
            _buffer.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
