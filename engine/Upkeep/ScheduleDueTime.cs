using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Schedules;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Decides whether a schedule is due, as Velero does. Pure.</summary>
internal static class ScheduleDueTime
{
    /// <summary>
    /// The due time that a backup is to be made for now, or null: the latest one since the last backup (or since the schedule was made,
    /// or last skipped). However many were missed, one backup is made.
    /// </summary>
    public static DateTimeOffset? Of(VeleroSchedule schedule, DateTimeOffset now)
    {
        if (schedule.Spec.Paused || schedule.Metadata.CreationTimestamp is not { } created)
        {
            return null;
        }

        DateTimeOffset since = schedule.Status.LastBackup ?? created;
        if (schedule.Status.LastSkipped is { } skipped && skipped > since)
        {
            since = skipped;
        }

        return CronSchedule.Parse(schedule.Spec.Schedule).LatestDueAtOrBefore(since, now);
    }

    /// <summary>The request for a schedule's backup.</summary>
    public static VeleroBackup Request(VeleroSchedule schedule, BackupName name)
    {
        IReadOnlyDictionary<string, string>? own = schedule.Spec.Template.Metadata.Labels ?? schedule.Metadata.Labels;
        Dictionary<string, string> labels = new(own ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [VeleroNames.ScheduleNameLabel] = schedule.Name };
        return new VeleroBackup
        {
            Metadata = new ObjectMetadata { Name = name.ToString(), Namespace = VeleroNames.DefaultNamespace, Labels = labels, Annotations = schedule.Metadata.Annotations },
            Spec = schedule.Spec.Template,
        };
    }
}
