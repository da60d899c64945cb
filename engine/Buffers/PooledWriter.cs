using System.Buffers;

namespace BackupFunctions.Engine.Buffers;

/// <summary>Collects bytes in one pooled buffer, which grows. One owner, who disposes it; not for concurrent use.</summary>
internal sealed class PooledWriter(int firstBytes) : IBufferWriter<byte>, IDisposable
{
    private PooledBytes _buffer = PooledBytes.Rent(firstBytes);

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.Span[..Length];

    /// <summary>The same, for calls that await.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.Memory[..Length];

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - Length);
        Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => Free(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0) => Free(sizeHint);

    public void Dispose() => _buffer.Dispose();

    private Memory<byte> Free(int sizeHint)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_buffer.Length - Length < sizeHint)
        {
            PooledBytes larger = PooledBytes.Rent(checked(Math.Max(2 * _buffer.Length, Length + sizeHint)));
            Written.CopyTo(larger.Span);
            _buffer.Dispose();
            _buffer = larger;
        }

        return _buffer.Memory[Length..];
    }
}
