using System.Buffers;
using System.Numerics;

namespace BackupFunctions.Engine.Buffers;

/// <summary>
/// Arrays of chunks and packs, above 1 MiB. The shared pool keeps some of each size for every thread, which for such sizes is
/// hundreds of megabytes; this one keeps a bounded number of bytes in all. All arrays up to the largest chunk of the usual splitters
/// have one length, longer ones a power of two, with a little room for what surrounds a chunk: so what one file gave back fits the
/// next. Pages of an array that nobody touches cost nothing.
/// </summary>
internal sealed class LargeArrayPool(long maxKeptBytes) : ArrayPool<byte>
{
    /// <summary>Shorter arrays are better off in the shared pool.</summary>
    public const int LeastBytes = (1 << 20) + 1; // a block of the read cache, kept for long, must not hold a chunk's array

    private const int UsualBytes = 8 << 20;
    private const int SurroundBytes = 64 << 10;

    // Guards the two below; _kept is sorted by length.
    private readonly Lock _lock = new();
    private readonly List<byte[]> _kept = [];
    private long _keptBytes;

    public override byte[] Rent(int minimumLength)
    {
        lock (_lock)
        {
            int index = _kept.FindIndex(array => array.Length >= minimumLength);
            if (index >= 0 && _kept[index].Length <= LengthFor(minimumLength))
            {
                byte[] kept = _kept[index];
                _kept.RemoveAt(index);
                _keptBytes -= kept.Length;
                return kept;
            }
        }

        return GC.AllocateUninitializedArray<byte>(LengthFor(minimumLength));
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (clearArray)
        {
            Array.Clear(array);
        }

        lock (_lock)
        {
            if (_keptBytes + array.Length > maxKeptBytes)
            {
                return;
            }

            int index = _kept.FindIndex(other => other.Length >= array.Length);
            _kept.Insert(index < 0 ? _kept.Count : index, array);
            _keptBytes += array.Length;
        }
    }

    private static int LengthFor(int minimumLength)
    {
        long rounded = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(minimumLength - SurroundBytes, UsualBytes)) + SurroundBytes;
        return (int)Math.Min(rounded, Array.MaxLength);
    }
}
