using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Deletes old blobs in which Kopia's clients left their logs.</summary>
internal static class LogCleaner
{
    private const string Prefix = "_log_";

    public static async Task<MaintenanceTaskReport> RunAsync(IBlobStore store, LogRetention retention, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<BlobInfo> logs = [];
        await foreach (BlobInfo log in store.ListAsync(Prefix, cancellationToken))
        {
            logs.Add(log);
        }

        List<BlobInfo> old = Expired(logs, retention, now);
        BlobDeletion deleted = await BlobDeletion.RunAsync(store, old, cancellationToken);
        return new MaintenanceTaskReport(TaskNames.CleanupLogs, [new("deletedLog", deleted.Count, deleted.Bytes), new("retainedLog", logs.Count - old.Count)])
        {
            DeletedBlobs = deleted.Count,
            FreedBytes = deleted.Bytes,
        };
    }

    /// <summary>From the newest on, all that come after one of the limits.</summary>
    internal static List<BlobInfo> Expired(IEnumerable<BlobInfo> logs, LogRetention retention, DateTimeOffset now)
    {
        TimeSpan maxAge = TimeSpan.FromTicks(retention.MaxAgeNanos / 100);
        List<BlobInfo> newestFirst = [.. logs.OrderByDescending(static log => log.LastModified)];
        long bytes = 0;
        int kept = newestFirst.FindIndex(log =>
        {
            bytes += log.LengthBytes;
            return (retention.MaxTotalBytes > 0 && bytes > retention.MaxTotalBytes) || (maxAge > TimeSpan.Zero && now - log.LastModified > maxAge);
        });
        kept = kept < 0 ? newestFirst.Count : kept;
        return newestFirst[(retention.MaxCount > 0 ? Math.Min(kept, retention.MaxCount) : kept)..];
    }
}
