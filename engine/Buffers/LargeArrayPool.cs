using System.Buffers;

namespace BackupFunctions.Engine.Buffers;

/// <summary>
/// Arrays of chunks and packs, from 1 MiB up. The shared pool rounds them to powers of two and keeps some for every thread, which
/// for such sizes is hundreds of megabytes; this one hands out the length asked for and keeps a bounded number of bytes in all.
/// </summary>
internal sealed class LargeArrayPool(long maxKeptBytes) : ArrayPool<byte>
{
    /// <summary>Shorter arrays are better off in the shared pool.</summary>
    public const int LeastBytes = 1 << 20;

    private const int Step = 64 << 10;

    // Guards the two below; _kept is sorted by length.
    private readonly Lock _lock = new();
    private readonly List<byte[]> _kept = [];
    private long _keptBytes;

    public override byte[] Rent(int minimumLength)
    {
        lock (_lock)
        {
            int index = _kept.FindIndex(array => array.Length >= minimumLength);
            if (index >= 0 && _kept[index].Length / 2 <= minimumLength)
            {
                byte[] kept = _kept[index];
                _kept.RemoveAt(index);
                _keptBytes -= kept.Length;
                return kept;
            }
        }

        long rounded = (minimumLength + (long)Step - 1) / Step * Step;
        return GC.AllocateUninitializedArray<byte>((int)Math.Min(rounded, Array.MaxLength));
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
}
