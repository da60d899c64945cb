using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>What a schedule must be like before it is kept.</summary>
internal static class ScheduleRules
{
    /// <exception cref="BackupException">InvalidInput.</exception>
    public static void Check(VeleroSchedule schedule)
    {
        if (!BackupName.TryParse(schedule.Name, out _) || schedule.Name.Length > ScheduledBackupName.MaxScheduleLength)
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                $"'{schedule.Name}' cannot be the name of a schedule.",
                $"Use at most {ScheduledBackupName.MaxScheduleLength} of the characters a-z, 0-9, '-' and '.', with a letter or digit at both ends.");
        }

        _ = CronSchedule.Parse(schedule.Spec.Schedule);
        if (schedule.Spec.Template.Ttl < TimeSpan.Zero)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"The time to live of schedule {schedule.Name} is negative.", "Leave it out, or give a duration such as 168h.");
        }
    }
}
