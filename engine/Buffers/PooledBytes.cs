using System.Buffers;

namespace BackupFunctions.Engine.Buffers;

/// <summary>
/// A lease on pooled bytes, of exactly the length asked for. It has one owner, who disposes it; disposing twice is harmless,
/// using it afterwards throws. The bytes are not cleared when rented: they hold whatever the last user left.
/// </summary>
public sealed class PooledBytes : IDisposable
{
    private const long MaxKeptBytes = 64 << 20;

    private static readonly LargeArrayPool LargeArrays = new(MaxKeptBytes);

    private readonly ArrayPool<byte> _pool;
    private byte[]? _array;
    private int _start;

    private PooledBytes(ArrayPool<byte> pool, int length)
    {
        _pool = pool;
        _array = pool.Rent(length);
        Length = length;
    }

    /// <summary>The length that was asked for, not that of the array behind it.</summary>
    public int Length { get; private set; }

    /// <summary>The leased bytes.</summary>
    public Span<byte> Span => Array.AsSpan(_start, Length);

    /// <summary>The leased bytes, for calls that await.</summary>
    public Memory<byte> Memory => Array.AsMemory(_start, Length);

    private byte[] Array => Volatile.Read(ref _array) ?? throw new ObjectDisposedException(nameof(PooledBytes));

    /// <summary>Leases <paramref name="length"/> bytes; the caller owns the lease.</summary>
    public static PooledBytes Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new PooledBytes(PoolFor(length), length);
    }

    /// <summary>Leaves of the leased bytes only a part, where the rest was an envelope. For the owner, before anybody else has the lease.</summary>
    internal void Narrow(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - start);
        _start += start;
        Length = length;
    }

    /// <summary>Gives the bytes back. Safe to call from several threads: the array returns to the pool once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            _pool.Return(array);
        }
    }

    private static ArrayPool<byte> PoolFor(int length) => length >= LargeArrayPool.LeastBytes ? LargeArrays : ArrayPool<byte>.Shared;
}
