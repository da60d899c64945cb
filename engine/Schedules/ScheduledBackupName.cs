using System.Globalization;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Engine.Schedules;

/// <summary>
/// Names of scheduled backups: the schedule's name, a hyphen and the due time in UTC as YYYYMMDDhhmmss. So every due time has exactly
/// one name, whoever makes the backup.
/// </summary>
public static class ScheduledBackupName
{
    private const string StampFormat = "yyyyMMddHHmmss";

    /// <summary>What is left of a name's 253 characters for the schedule.</summary>
    public const int MaxScheduleLength = 253 - 15;

    /// <exception cref="Errors.BackupException">InvalidInput when the schedule's name makes no good backup name.</exception>
    public static BackupName Of(string schedule, DateTimeOffset due) =>
        BackupName.Parse($"{schedule}-{due.UtcDateTime.ToString(StampFormat, CultureInfo.InvariantCulture)}");

    /// <summary>The due time in the name of one of the schedule's backups; false for other names.</summary>
    public static bool TryGetDueTime(string schedule, string backup, out DateTimeOffset due)
    {
        due = default;
        return backup.Length == schedule.Length + 1 + StampFormat.Length
            && backup.StartsWith(schedule, StringComparison.Ordinal)
            && backup[schedule.Length] == '-'
            && DateTimeOffset.TryParseExact(
                backup.AsSpan(schedule.Length + 1), StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out due);
    }
}
