using BackupFunctions.Engine.Catalog;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Upkeep;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "Schedule {Schedule} is due: started backup {Backup}.")]
    public static partial void ScheduleStarted(ILogger logger, string schedule, BackupName backup);

    [LoggerMessage(601, LogLevel.Information, "Schedule {Schedule} is due, but a backup of it is still under way; {Backup} waits.")]
    public static partial void ScheduleBusy(ILogger logger, string schedule, BackupName backup);

    [LoggerMessage(602, LogLevel.Error, "Schedule {Schedule} could not be run; it is tried again in a minute. {Reason}")]
    public static partial void ScheduleFailed(ILogger logger, string schedule, string reason);

    [LoggerMessage(603, LogLevel.Information, "Deleted backup {Backup} with {Snapshots} volume snapshots and {Restores} restores: {Reason}.")]
    public static partial void BackupDeleted(ILogger logger, string backup, int snapshots, int restores, string reason);

    [LoggerMessage(604, LogLevel.Information, "Backup {Backup} {Reason} and is to be deleted.")]
    public static partial void BackupExpired(ILogger logger, string backup, string reason);
}
