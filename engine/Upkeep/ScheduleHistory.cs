using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>What the names of the backups, published or under way, say of when each schedule last ran. One listing for all schedules.</summary>
internal sealed class ScheduleHistory
{
    private const int StampLength = 14;

    private readonly Dictionary<string, List<DateTimeOffset>> dueTimes = new(StringComparer.Ordinal);

    private ScheduleHistory()
    {
    }

    public static async Task<ScheduleHistory> ReadAsync(IBlobStore store, CancellationToken cancellationToken)
    {
        ScheduleHistory history = new();
        await foreach (string folder in store.ListFoldersAsync(BackupLayout.Root, cancellationToken))
        {
            if (folder.Length > StampLength + 1
                && folder[..^(StampLength + 1)] is var schedule
                && ScheduledBackupName.TryGetDueTime(schedule, folder, out DateTimeOffset due))
            {
                if (!history.dueTimes.TryGetValue(schedule, out List<DateTimeOffset>? times))
                {
                    history.dueTimes.Add(schedule, times = []);
                }

                times.Add(due);
            }
        }

        return history;
    }

    /// <summary>The newest due time in the names of the schedule's backups that is not after <paramref name="limit"/>; null when there is none.</summary>
    public DateTimeOffset? Newest(string schedule, DateTimeOffset limit) =>
        dueTimes.TryGetValue(schedule, out List<DateTimeOffset>? times)
            ? times.Where(due => due <= limit).Select(due => (DateTimeOffset?)due).Max()
            : null;
}
