namespace BackupFunctions.Engine.Repository.Splitting;

/// <summary>
/// Cuts where a hash of the last 64 bytes ends in enough zero bits, but never before half the average segment length nor after
/// twice of it. Because the window is so much shorter than the least segment, nothing before its last 64 bytes needs hashing.
/// </summary>
internal abstract class RollingSplitter(int averageSegmentBytes) : Splitter
{
    /// <summary>Length of the window that the hash sees.</summary>
    protected const int WindowBytes = 64;

    private readonly int _minSegmentBytes = averageSegmentBytes / 2;
    private readonly int _maxSegmentBytes = averageSegmentBytes * 2;

    // The last bytes before the next call's, oldest first; and their hash, which is only kept up from the least segment length on.
    private readonly byte[] _window = new byte[WindowBytes];
    private ulong _hash;
    private int _count;

    public override int MaxSegmentBytes => _maxSegmentBytes;

    /// <summary>A cut is where the hash has none of these bits.</summary>
    protected uint Mask { get; } = (uint)averageSegmentBytes - 1;

    public override int NextSplitPoint(ReadOnlySpan<byte> data)
    {
        var seen = 0;
        if (_count < _minSegmentBytes)
        {
            seen = Math.Min(_minSegmentBytes - _count, data.Length);
            _count += seen;
            if (_count < _minSegmentBytes)
            {
                Remember(data);
                return -1;
            }
            if (StartHash(data[..seen]))
            {
                return Cut(seen);
            }
        }
        var limit = Math.Min(data.Length, seen + _maxSegmentBytes - _count);
        var hit = ScanFrom(data[..limit], seen);
        if (hit >= 0)
        {
            return Cut(hit);
        }
        _count += limit - seen;
        if (_count == _maxSegmentBytes)
        {
            return Cut(limit);
        }
        Remember(data);
        return -1;
    }

    public override void Reset()
    {
        _count = 0;
        _hash = 0;
        Array.Clear(_window);
    }

    public override Splitter Clone()
    {
        var copy = Fresh(averageSegmentBytes);
        copy._count = _count;
        copy._hash = _hash;
        _window.CopyTo(copy._window, 0);
        return copy;
    }

    /// <summary>A splitter of the same kind at the start of an object.</summary>
    protected abstract RollingSplitter Fresh(int averageSegmentBytes);

    /// <summary>The hash of a full window.</summary>
    protected abstract ulong HashOf(ReadOnlySpan<byte> window);

    /// <summary>
    /// Rolls over <paramref name="bytes"/>, whose first <see cref="WindowBytes"/> are those already in the window. Returns how many
    /// of the bytes after them lead to the first cut, or -1; <paramref name="hash"/> is kept up only when there is none.
    /// </summary>
    protected abstract int Scan(ReadOnlySpan<byte> bytes, ref ulong hash);

    private int Cut(int length)
    {
        _count = 0;
        return length;
    }

    // True when the very first byte at which a cut is allowed is one; seen ends there.
    private bool StartHash(ReadOnlySpan<byte> seen)
    {
        Span<byte> window = stackalloc byte[WindowBytes];
        LastBytes(seen, window);
        _hash = HashOf(window);
        return (_hash & Mask) == 0;
    }

    // Scans data[from..]; the answer counts from the start of data.
    private int ScanFrom(ReadOnlySpan<byte> data, int from)
    {
        if (from < WindowBytes)
        {
            // The bytes that leave the window came with an earlier call, so both are laid out side by side.
            var head = Math.Min(WindowBytes, data.Length);
            Span<byte> joined = stackalloc byte[2 * WindowBytes];
            _window.CopyTo(joined);
            data[..head].CopyTo(joined[WindowBytes..]);
            var hit = Scan(joined[from..(WindowBytes + head)], ref _hash);
            if (hit >= 0 || head == data.Length)
            {
                return hit < 0 ? hit : from + hit;
            }
            from = WindowBytes;
        }
        var found = Scan(data[(from - WindowBytes)..], ref _hash);
        return found < 0 ? found : from + found;
    }

    private void Remember(ReadOnlySpan<byte> data) => LastBytes(data, _window);

    // The last 64 of the window's bytes followed by data's.
    private void LastBytes(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (data.Length >= WindowBytes)
        {
            data[^WindowBytes..].CopyTo(destination);
            return;
        }
        _window.AsSpan(data.Length).CopyTo(destination);
        data.CopyTo(destination[(WindowBytes - data.Length)..]);
    }
}
