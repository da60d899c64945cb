namespace BackupFunctions.Engine.Repository.Index;

/// <summary>Goes through index segments side by side, in order of the contents. Needs no more memory than a place in each segment.</summary>
internal sealed class IndexWalk
{
    /// <summary>Mapped bytes that may all be in memory; when there are more, a walk releases the pages that it has read.</summary>
    private const long MaxResidentBytes = 64L << 20;

    /// <summary>After so many entries. Searches release nothing: they would fault the same pages in again, at fifty times the cost.</summary>
    private const int EntriesPerRelease = 1 << 18;

    private readonly IReadOnlyList<IndexSegment> _segments;
    private readonly bool _mustRelease;

    public IndexWalk(IReadOnlyList<IndexSegment> segments)
    {
        _segments = segments;
        _mustRelease = segments.Sum(static segment => (long)segment.MappedByteCount) > MaxResidentBytes;
    }

    /// <summary>Of each content, or of each with one letter, the entry that counts, final deletions too.</summary>
    public IEnumerable<IndexEntry> Winners(char? prefix)
    {
        PriorityQueue<(IndexSegment Segment, int Position), ContentId> heads = new();
        foreach (IndexSegment segment in _segments)
        {
            int first = prefix is { } letter ? segment.LowerBound([(byte)letter]) : 0;
            if (TryGetId(segment, first, prefix, out ContentId id))
            {
                heads.Enqueue((segment, first), id);
            }
        }

        for (int count = 1; heads.TryPeek(out (IndexSegment Segment, int Position) head, out ContentId id); count++)
        {
            IndexEntry winner = head.Segment.EntryAt(head.Position);
            Advance(heads, head.Segment, head.Position + 1, prefix);
            while (heads.TryPeek(out head, out ContentId next) && next == id)
            {
                IndexEntry other = head.Segment.EntryAt(head.Position);
                winner = other.Beats(winner) ? other : winner;
                Advance(heads, head.Segment, head.Position + 1, prefix);
            }

            if (_mustRelease && count % EntriesPerRelease == 0)
            {
                ReleasePages();
            }

            yield return winner;
        }
    }

    private void ReleasePages()
    {
        foreach (IndexSegment segment in _segments)
        {
            segment.ReleasePages();
        }
    }

    private static void Advance(PriorityQueue<(IndexSegment, int), ContentId> heads, IndexSegment segment, int position, char? prefix)
    {
        if (TryGetId(segment, position, prefix, out ContentId id))
        {
            heads.DequeueEnqueue((segment, position), id);
        }
        else
        {
            heads.Dequeue();
        }
    }

    private static bool TryGetId(IndexSegment segment, int position, char? prefix, out ContentId id)
    {
        id = position < segment.Count ? segment.IdAt(position) : default;
        return position < segment.Count && (prefix is null || id.Prefix == prefix);
    }
}
