using System.Diagnostics.CodeAnalysis;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// All index segments that counted at one moment, seen as one index. Immutable. A content whose winning entry is a deletion at or
/// before the watermark does not exist any more; one above it still does and can be read.
/// </summary>
internal sealed class IndexView
{
    /// <summary>Segments that are searched one by one although they may be small; with more, the table is made anew.</summary>
    private const int MaxLateSegments = 8;

    private readonly SegmentHashTable? _table;
    private readonly List<IndexSegment> _others = [];

    public IndexView(IReadOnlyList<IndexSegment> segments, long watermarkSeconds)
    {
        (Segments, WatermarkSeconds) = (segments, watermarkSeconds);
        _table = SegmentHashTable.Build(segments, _others);
    }

    private IndexView(IndexView before, IndexSegment late)
    {
        Segments = [.. before.Segments, late];
        WatermarkSeconds = before.WatermarkSeconds;
        _table = before._table;
        _others = [.. before._others, late];
        LateSegments = before.LateSegments + 1;
    }

    /// <summary>No index blobs at all.</summary>
    public static IndexView Empty { get; } = new([], long.MinValue);

    public IReadOnlyList<IndexSegment> Segments { get; }

    /// <summary>Deletions up to here are final.</summary>
    public long WatermarkSeconds { get; }

    private int LateSegments { get; }

    /// <summary>Finds the entry that counts, deleted or not.</summary>
    public bool TryFind(ContentId id, out IndexEntry entry) => TryFindEvenDropped(id, out entry) && Exists(entry.TimestampSeconds, entry.IsDeleted);

    /// <summary>The same, final deletions too. Whoever writes such a content again has to beat that deletion, which stays in the index.</summary>
    public bool TryFindEvenDropped(ContentId id, out IndexEntry entry)
    {
        if (!TryLocate(id, out IndexSegment? winner, out int position))
        {
            entry = default;
            return false;
        }

        entry = winner.EntryAt(position);
        return true;
    }

    /// <summary>Whether there is an entry that counts, deleted or not; does not look up its pack.</summary>
    public bool Contains(ContentId id)
    {
        if (!TryLocate(id, out IndexSegment? winner, out int position))
        {
            return false;
        }

        (long timestampSeconds, bool isDeleted) = winner.StateAt(position);
        return Exists(timestampSeconds, isDeleted);
    }

    /// <summary>All existing contents in order, or those with one letter; each with the entry that counts, deleted ones too.</summary>
    public IEnumerable<IndexEntry> Entries(char? prefix) =>
        new IndexWalk(Segments).Winners(prefix).Where(entry => Exists(entry.TimestampSeconds, entry.IsDeleted));

    /// <summary>This view and one more segment.</summary>
    public IndexView With(IndexSegment segment) =>
        LateSegments < MaxLateSegments ? new IndexView(this, segment) : new IndexView([.. Segments, segment], WatermarkSeconds);

    private bool TryLocate(ContentId id, [NotNullWhen(true)] out IndexSegment? winner, out int position)
    {
        Span<byte> key = stackalloc byte[ContentId.MaxKeyLength];
        id.CopyKeyTo(key);
        key = key[..id.KeyLength];
        (winner, position) = (null, -1);
        foreach (IndexSegment segment in _others)
        {
            Choose(segment, segment.Find(key), ref winner, ref position);
        }

        if (_table is not null)
        {
            uint slot = _table.SlotOf(key);
            while (_table.TryNext(key, ref slot, out IndexSegment segment, out int found))
            {
                Choose(segment, found, ref winner, ref position);
            }
        }

        return winner is not null;
    }

    /// <summary>Keeps the better of two entries; looks at their packs only if nothing else decides.</summary>
    private static void Choose(IndexSegment candidate, int candidatePosition, ref IndexSegment? winner, ref int position)
    {
        if (candidatePosition < 0)
        {
            return;
        }

        bool isBetter = winner is null;
        if (winner is not null)
        {
            (long seconds, bool isDeleted) = candidate.StateAt(candidatePosition);
            (long otherSeconds, bool otherIsDeleted) = winner.StateAt(position);
            isBetter = seconds != otherSeconds ? seconds > otherSeconds
                : isDeleted != otherIsDeleted ? !isDeleted
                : candidate.EntryAt(candidatePosition).Beats(winner.EntryAt(position));
        }

        (winner, position) = isBetter ? (candidate, candidatePosition) : (winner, position);
    }

    private bool Exists(long timestampSeconds, bool isDeleted) => !isDeleted || timestampSeconds > WatermarkSeconds;
}
