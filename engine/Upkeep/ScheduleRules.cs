using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>What a schedule must be to be carried out; the namespaces it names need not exist yet.</summary>
internal static class ScheduleRules
{
    /// <exception cref="BackupException">InvalidInput with everything that is wrong.</exception>
    public static void Check(VeleroSchedule schedule)
    {
        if (schedule.Kind != "Schedule" || schedule.ApiVersion != VeleroNames.ApiVersion)
        {
            throw Invalid(schedule.Name, $"it is a {schedule.Kind} of {schedule.ApiVersion}, not a Schedule of {VeleroNames.ApiVersion}");
        }

        if (!BackupName.TryParse(schedule.Name, out _) || schedule.Name.Length > ScheduledBackupName.MaxScheduleLength)
        {
            throw Invalid(
                schedule.Name,
                $"the name must be 1 to {ScheduledBackupName.MaxScheduleLength} of the characters a-z, 0-9, '-' and '.', with a letter or digit at both ends of every part between dots");
        }

        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(schedule.Spec.Schedule))
        {
            problems.Add("spec.schedule must be a non-empty cron expression");
        }
        else
        {
            try
            {
                CronSchedule.Parse(schedule.Spec.Schedule);
            }
            catch (BackupException e) when (e.Kind == ErrorKind.InvalidInput)
            {
                problems.Add(e.Message.TrimEnd('.'));
            }
        }

        // A misspelt key would quietly back up something else than was meant.
        problems.AddRange((schedule.Unknown?.Keys ?? []).Select(key => $"the key '{key}' is unknown"));
        problems.AddRange((schedule.Spec.Template.Unknown?.Keys ?? []).Select(key => $"the key 'spec.template.{key}' is unknown"));
        problems.AddRange(BackupSpecRules.Validate(schedule.Spec.Template));
        if (problems.Count > 0)
        {
            throw Invalid(schedule.Name, string.Join("; ", problems));
        }
    }

    private static BackupException Invalid(string name, string problem) => new(
        ErrorKind.InvalidInput, $"The schedule '{name}' is not valid: {problem}.", "Correct the schedule and send it again.");
}
