using BackupFunctions.Engine.Catalog.Text;

namespace BackupFunctions.Engine.Catalog;

/// <summary>A schedule described for people, in the blocks and order of <c>velero schedule describe</c>.</summary>
public static class ScheduleDescription
{
    public static void Write(TextWriter output, VeleroSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(schedule);
        ColumnText text = new();
        CommonBlocks.Metadata(text, schedule.Metadata);
        text.Row(0, "Phase:", string.IsNullOrEmpty(schedule.Status.Phase) ? "New" : schedule.Status.Phase);
        text.Blank();
        CommonBlocks.ValidationErrors(text, schedule.Status.ValidationErrors);
        text.Row(0, "Paused:", Words.Flag(schedule.Spec.Paused));
        text.Blank();
        text.Row(0, "Schedule:", schedule.Spec.Schedule);
        text.Blank();
        text.Line(0, "Backup Template:");
        text.WriteTo(output);

        ColumnText template = new(baseIndent: 1);
        SpecBlocks.Write(template, schedule.Spec.Template);
        template.WriteTo(output);

        ColumnText last = new();
        last.Blank();
        last.Row(0, "Last Backup:", schedule.Status.LastBackup is { } time ? Words.Time(time) : "<never>");
        last.WriteTo(output);
    }
}
