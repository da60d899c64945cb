namespace BackupFunctions.Engine.Schedules.Cron;

/// <summary>The values of each field as bits: bit 5 of Minutes stands for minute 5.</summary>
/// <param name="AnyDay">Whether the day of month or the day of week was a star: then both must match, else either.</param>
internal sealed record CronFields(ulong Minutes, ulong Hours, ulong DaysOfMonth, ulong Months, ulong DaysOfWeek, bool AnyDay)
{
    public bool HasMinute(int minute) => (Minutes >> minute & 1) != 0;

    public bool HasHour(int hour) => (Hours >> hour & 1) != 0;

    public bool HasMonth(int month) => (Months >> month & 1) != 0;

    public bool HasDay(DateTime day)
    {
        bool dayOfMonth = (DaysOfMonth >> day.Day & 1) != 0;
        bool dayOfWeek = (DaysOfWeek >> (int)day.DayOfWeek & 1) != 0;
        return AnyDay ? dayOfMonth && dayOfWeek : dayOfMonth || dayOfWeek;
    }
}
