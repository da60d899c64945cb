namespace BackupFunctions.App.Timers;

/// <summary>What the timers tell.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "Schedule {Schedule} was due at {Due:O}: started backup {Backup}.")]
    public static partial void ScheduleStarted(ILogger logger, string schedule, DateTimeOffset? due, string? backup);

    [LoggerMessage(501, LogLevel.Information, "Schedule {Schedule} was due at {Due:O}, but its backup {Backup} is still under way; it is looked at again in a minute.")]
    public static partial void ScheduleWaits(ILogger logger, string schedule, DateTimeOffset? due, string? backup);

    [LoggerMessage(502, LogLevel.Error, "Schedule {Schedule} could not be carried out; it is tried again in a minute. {Reason}")]
    public static partial void ScheduleFailed(ILogger logger, string schedule, string reason);

    [LoggerMessage(510, LogLevel.Information, "Deleted backup {Backup} with {Snapshots} volume snapshots and {Restores} restores. {Notes}")]
    public static partial void BackupDeleted(ILogger logger, string backup, int snapshots, int restores, string notes);

    [LoggerMessage(511, LogLevel.Information, "Backup {Backup} has expired but stays for now: {Reason}.")]
    public static partial void BackupSpared(ILogger logger, string backup, string reason);

    [LoggerMessage(512, LogLevel.Error, "Backup {Backup} has expired but could not be deleted; it is tried again. {Reason}")]
    public static partial void DeletionFailed(ILogger logger, string backup, string reason);

    [LoggerMessage(513, LogLevel.Warning, "Backup {Backup} cannot be read, so nobody knows when it expires. {Reason}")]
    public static partial void BackupUnreadable(ILogger logger, string backup, string reason);
}
