using System.Buffers;

namespace BackupFunctions.Engine.Buffers;

/// <summary>
/// Collects bytes in blocks that stay where they are, so that much of them grows without copying and without one huge array. The
/// blocks belong to the garbage collector: whoever holds one may go on reading it. Not for concurrent use.
/// </summary>
internal sealed class BlockWriter : IBufferWriter<byte>
{
    private const int FirstBlockBytes = 1 << 10;

    // Below the size from which arrays are kept apart from the small ones.
    private const int LargestBlockBytes = 64 << 10;

    private readonly List<(byte[] Block, int Length)> _full = [];
    private byte[] _block = [];
    private int _filled;
    private long _fullBytes;

    /// <summary>Bytes so far.</summary>
    public long Length => _fullBytes + _filled;

    /// <summary>The blocks so far, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Blocks => [.. _full.Select(static full => (ReadOnlyMemory<byte>)full.Block.AsMemory(0, full.Length)), _block.AsMemory(0, _filled)];

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _block.Length - _filled);
        _filled += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => Free(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0) => Free(sizeHint);

    private Memory<byte> Free(int sizeHint)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_block.Length - _filled < sizeHint)
        {
            if (_filled > 0)
            {
                _full.Add((_block, _filled));
                _fullBytes += _filled;
            }

            _block = new byte[Math.Max(sizeHint, Math.Clamp(2 * _block.Length, FirstBlockBytes, LargestBlockBytes))];
            _filled = 0;
        }

        return _block.AsMemory(_filled);
    }
}
