namespace BackupFunctions.Engine.Repository.Splitting;

/// <summary>Cuts after every so many bytes.</summary>
internal sealed class FixedSplitter(int segmentBytes) : Splitter
{
    private int _count;

    public override int MaxSegmentBytes => segmentBytes;

    public override int NextSplitPoint(ReadOnlySpan<byte> data)
    {
        var missing = segmentBytes - _count;
        if (data.Length < missing)
        {
            _count += data.Length;
            return -1;
        }
        _count = 0;
        return missing;
    }

    public override void Reset() => _count = 0;

    public override Splitter Clone() => new FixedSplitter(segmentBytes) { _count = _count };
}
