using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>What there is to do with index blobs of the old scheme, after Kopia's repo/content/indexblob/index_blob_manager_v0.go, v0.23.1. Pure.</summary>
internal static class LegacyIndexRules
{
    /// <summary>Fewer blobs are not worth merging.</summary>
    public const int MaxSmallBlobs = 8;

    /// <summary>Blobs to merge so that there are not too many small ones; none when there are few.</summary>
    /// <param name="maxPackBytes">Larger ones stay as they are.</param>
    public static List<BlobInfo> ToCompact(IReadOnlyList<BlobInfo> active, long maxPackBytes)
    {
        const int VerySmallPart = 20;
        List<BlobInfo> candidates = [.. active.Where(blob => blob.LengthBytes <= maxPackBytes)];
        if (candidates.Count < MaxSmallBlobs)
        {
            return [];
        }

        List<BlobInfo> verySmall = [.. candidates.Where(blob => blob.LengthBytes < maxPackBytes / VerySmallPart)];
        int medium = candidates.Count - verySmall.Count;
        return verySmall.Count > candidates.Count / 2 && medium + 1 < MaxSmallBlobs ? verySmall : candidates;
    }

    /// <summary>
    /// Index blobs that were merged (M6): the inputs of merges that are complete and so old, by the store's clock, that no reader goes by an older
    /// listing. To be deleted group by group: while an input is there its output has to be, for without it the merge is void and the input
    /// would count again, with contents that a later merge dropped.
    /// </summary>
    /// <param name="logs">The compaction log.</param>
    /// <param name="existing">Names of all index blobs that there are.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="settleTime">How old; zero when there are no other readers.</param>
    public static List<List<string>> Replaced(IReadOnlyList<LoggedCompaction> logs, IReadOnlySet<string> existing, DateTimeOffset now, TimeSpan settleTime)
    {
        HashSet<string> left =
        [
            .. logs.Where(log => IsSettled(log.Blob, now, settleTime) && log.Outputs.All(existing.Contains)).SelectMany(static log => log.Inputs.Except(log.Outputs)).Where(existing.Contains),
        ];
        List<List<string>> groups = [];
        HashSet<string> gone = [];
        while (true)
        {
            List<string> group = [.. left.Where(name => logs.Where(log => log.Outputs.Contains(name)).All(log => log.Inputs.All(input => gone.Contains(input) || !existing.Contains(input))))];
            if (group.Count == 0)
            {
                return groups;
            }

            groups.Add(group);
            left.ExceptWith(group);
            gone.UnionWith(group);
        }
    }

    /// <summary>Whether a blob was put so long ago that everybody knows of it.</summary>
    public static bool IsSettled(BlobInfo blob, DateTimeOffset now, TimeSpan settleTime) => settleTime == TimeSpan.Zero || now - blob.LastModified >= settleTime;

    /// <summary>
    /// Log entries that are done with: all their inputs are gone. Index blobs always go before the log entry that says that they do not count,
    /// else they would count again.
    /// </summary>
    public static List<BlobInfo> DoneWith(IReadOnlyList<LoggedCompaction> logs, IReadOnlySet<string> existing) =>
        [.. logs.Where(log => !log.Inputs.Any(existing.Contains)).Select(static log => log.Blob)];
}
