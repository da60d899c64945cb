using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Commands;

/// <summary>A backup as a schedule's template describes it.</summary>
internal static class ScheduleTemplate
{
    public static VeleroBackup BackupOf(VeleroSchedule schedule, ObjectMetadata metadata)
    {
        Dictionary<string, string> labels = new(schedule.Spec.Template.Metadata.Labels ?? schedule.Metadata.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach ((string key, string value) in metadata.Labels ?? new Dictionary<string, string>())
        {
            labels[key] = value;
        }

        labels[VeleroNames.ScheduleNameLabel] = LabelValue.Of(schedule.Name);
        return new VeleroBackup
        {
            Metadata = metadata with { Labels = labels },
            Spec = schedule.Spec.Template with { Metadata = new BackupTemplateMetadata() },
        };
    }
}
