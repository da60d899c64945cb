using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Schedules.Cron;

internal static class CronErrors
{
    public static BackupException Invalid(string text, string problem, Exception? inner = null) => new(
        ErrorKind.InvalidInput,
        $"invalid schedule: '{text}': {problem}",
        "Write five fields (minute hour day-of-month month day-of-week), for example '0 3 * * *', or @daily, or @every 6h.",
        inner);
}
