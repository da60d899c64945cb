using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Cli.Output;

/// <summary>The table of <c>schedule get</c>, with Velero's columns.</summary>
internal static class ScheduleTable
{
    public static string Of(IEnumerable<VeleroSchedule> schedules, DateTimeOffset now)
    {
        TextTable table = new("NAME", "STATUS", "CREATED", "SCHEDULE", "BACKUP TTL", "LAST BACKUP", "SELECTOR", "PAUSED");
        foreach (VeleroSchedule schedule in schedules.OrderBy(schedule => schedule.Name, ObjectNames.Order))
        {
            table.Add(
                schedule.Name,
                PhaseText.Of(schedule.Metadata, schedule.Status.Phase),
                HumanText.Time(schedule.Metadata.CreationTimestamp, "n/a"),
                schedule.Spec.Schedule,
                GoDuration.Format(schedule.Spec.Template.Ttl),
                HumanText.FromNow(schedule.Status.LastBackup, now),
                PhaseText.Selector(schedule.Spec.Template.LabelSelector),
                schedule.Spec.Paused ? "true" : "false");
        }

        return table.ToString();
    }
}
