using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Schedules;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>The request for a schedule's backup, as Velero derives it.</summary>
internal static class ScheduledBackup
{
    public static VeleroBackup Of(VeleroSchedule schedule, DateTimeOffset due)
    {
        // The template's labels take the place of the schedule's, they are not added to them.
        IReadOnlyDictionary<string, string> labels =
            schedule.Spec.Template.Metadata.Labels ?? schedule.Metadata.Labels ?? new Dictionary<string, string>();
        return new VeleroBackup
        {
            Metadata = new ObjectMetadata
            {
                Name = ScheduledBackupName.Of(schedule.Name, due).ToString(),
                Labels = new Dictionary<string, string>(labels) { [VeleroNames.ScheduleNameLabel] = LabelValue.Of(schedule.Name) },
                Annotations = schedule.Metadata.Annotations,
            },
            Spec = schedule.Spec.Template,
        };
    }
}
