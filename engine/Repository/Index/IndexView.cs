namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// All index segments that counted at one moment, seen as one index. Immutable. A content whose winning entry is a deletion at or
/// before the watermark does not exist any more; one above it still does and can be read.
/// </summary>
internal sealed class IndexView(IReadOnlyList<IndexSegment> segments, long watermarkSeconds)
{
    /// <summary>No index blobs at all.</summary>
    public static IndexView Empty { get; } = new([], long.MinValue);

    public IReadOnlyList<IndexSegment> Segments { get; } = segments;

    /// <summary>Deletions up to here are final.</summary>
    public long WatermarkSeconds { get; } = watermarkSeconds;

    /// <summary>Finds the entry that counts, deleted or not.</summary>
    public bool TryFind(ContentId id, out IndexEntry entry)
    {
        Span<byte> key = stackalloc byte[ContentId.MaxKeyLength];
        id.CopyKeyTo(key);
        key = key[..id.KeyLength];
        entry = default;
        bool isFound = false;
        foreach (IndexSegment segment in Segments)
        {
            int position = segment.Find(key);
            if (position < 0 || (isFound && segment.StateAt(position).TimestampSeconds < entry.TimestampSeconds))
            {
                continue;
            }

            IndexEntry candidate = segment.EntryAt(position);
            entry = !isFound || candidate.Beats(entry) ? candidate : entry;
            isFound = true;
        }

        return isFound && Exists(entry);
    }

    /// <summary>All existing contents in order, or those with one letter; each with the entry that counts, deleted ones too.</summary>
    public IEnumerable<IndexEntry> Entries(char? prefix)
    {
        PriorityQueue<(IndexSegment Segment, int Position), ContentId> heads = new();
        foreach (IndexSegment segment in Segments)
        {
            Enqueue(heads, segment, prefix is { } letter ? segment.LowerBound([(byte)letter]) : 0, prefix);
        }

        while (heads.TryDequeue(out (IndexSegment Segment, int Position) head, out ContentId id))
        {
            IndexEntry winner = head.Segment.EntryAt(head.Position);
            Enqueue(heads, head.Segment, head.Position + 1, prefix);
            while (heads.TryPeek(out head, out ContentId next) && next == id)
            {
                heads.Dequeue();
                IndexEntry other = head.Segment.EntryAt(head.Position);
                winner = other.Beats(winner) ? other : winner;
                Enqueue(heads, head.Segment, head.Position + 1, prefix);
            }

            if (Exists(winner))
            {
                yield return winner;
            }
        }
    }

    /// <summary>This view and one more segment.</summary>
    public IndexView With(IndexSegment segment) => new([.. Segments, segment], WatermarkSeconds);

    private bool Exists(in IndexEntry entry) => !entry.IsDeleted || entry.TimestampSeconds > WatermarkSeconds;

    private static void Enqueue(PriorityQueue<(IndexSegment, int), ContentId> heads, IndexSegment segment, int position, char? prefix)
    {
        if (position < segment.Count && segment.IdAt(position) is var id && (prefix is null || id.Prefix == prefix))
        {
            heads.Enqueue((segment, position), id);
        }
    }
}
