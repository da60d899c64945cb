using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Schedules.Cron;

/// <summary>Time zones by their names in the zone database.</summary>
internal static class TimeZones
{
    /// <exception cref="BackupException">InvalidInput for an unknown name; Unsupported when the machine has no zone database.</exception>
    public static TimeZoneInfo Find(string schedule, string name)
    {
        if (name is "UTC" or "")
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone))
        {
            return zone;
        }

        // Greenwich is in every zone database, so without it there is no database.
        if (!TimeZoneInfo.TryFindSystemTimeZoneById("Etc/GMT", out _))
        {
            throw new BackupException(
                ErrorKind.Unsupported,
                $"The time zone '{name}' of the schedule '{schedule}' cannot be looked up: this machine has no time zone database.",
                "Install the package tzdata, or leave out the time zone: schedules are in UTC then.");
        }

        throw CronErrors.Invalid(schedule, $"the time zone '{name}' is unknown to this machine's tzdata; names are such as Europe/Berlin");
    }
}
