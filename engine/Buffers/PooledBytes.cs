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

    private byte[]? _array;

    private PooledBytes(byte[] array, int length)
    {
        _array = array;
        Length = length;
    }

    /// <summary>The length that was asked for, not that of the array behind it.</summary>
    public int Length { get; }

    /// <summary>The leased bytes.</summary>
    public Span<byte> Span => Array.AsSpan(0, Length);

    /// <summary>The leased bytes, for calls that await.</summary>
    public Memory<byte> Memory => Array.AsMemory(0, Length);

    private byte[] Array => Volatile.Read(ref _array) ?? throw new ObjectDisposedException(nameof(PooledBytes));

    /// <summary>Leases <paramref name="length"/> bytes; the caller owns the lease.</summary>
    public static PooledBytes Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new PooledBytes(PoolFor(length).Rent(length), length);
    }

    /// <summary>Gives the bytes back. Safe to call from several threads: the array returns to the pool once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            PoolFor(Length).Return(array);
        }
    }

    private static ArrayPool<byte> PoolFor(int length) => length >= LargeArrayPool.LeastBytes ? LargeArrays : ArrayPool<byte>.Shared;
}
