using BackupFunctions.Engine.Repository.Index;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>Reads an index from its first entry to its last, where a search would only touch a few.</summary>
internal static class IndexSegmentCheck
{
    /// <summary>All entries.</summary>
    /// <exception cref="RepositoryCorruptException">One points outside the index, or they are not sorted.</exception>
    public static List<IndexEntry> ReadAll(IndexSegment segment)
    {
        List<IndexEntry> entries = new(segment.Count);
        foreach (IndexEntry entry in Walk(segment))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>All entries, one by one; throws as <see cref="ReadAll"/> does.</summary>
    public static IEnumerable<IndexEntry> Walk(IndexSegment segment)
    {
        ContentId previous = default;
        for (int i = 0; i < segment.Count; i++)
        {
            IndexEntry entry = segment.EntryAt(i);
            if (i > 0 && entry.Id <= previous)
            {
                throw new RepositoryCorruptException(segment.Blob, null, $"contents in ascending order at entry {i}", $"{entry.Id} after {previous}");
            }

            previous = entry.Id;
            yield return entry;
        }
    }
}
