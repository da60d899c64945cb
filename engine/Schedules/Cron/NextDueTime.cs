namespace BackupFunctions.Engine.Schedules.Cron;

/// <summary>
/// Finds the next due time the way robfig/cron v3 does (spec.go): month, day, hour and minute are advanced in turn, months and days by
/// the calendar, hours and minutes by elapsed time, starting over whenever the next larger unit changes. That is what makes skipped
/// hours not fire and repeated hours fire twice.
/// </summary>
internal static class NextDueTime
{
    private const int MaxYears = 5;
    private const int LastYear = 9990; // far from where DateTime ends

    public static DateTimeOffset? After(CronFields fields, TimeZoneInfo zone, DateTimeOffset after)
    {
        if (after.UtcDateTime.Year is < 2 or > LastYear)
        {
            return null;
        }

        // Fields have no seconds, so the search starts at the next whole minute of the wall clock.
        ZonedTime time = ZonedTime.Of(after.UtcDateTime, zone).NextMinute();
        int yearLimit = time.Wall.Year + MaxYears;
        bool rounded = false;
        while (time.Wall.Year <= yearLimit)
        {
            if (Advance(fields, ref time, ref rounded))
            {
                return new DateTimeOffset(time.Utc);
            }
        }

        return null;
    }

    // True when the time matches; false when a larger unit changed and everything has to be looked at again.
    private static bool Advance(CronFields fields, ref ZonedTime time, ref bool rounded)
    {
        while (!fields.HasMonth(time.Wall.Month))
        {
            time = rounded ? time : time.At(new DateTime(time.Wall.Year, time.Wall.Month, 1));
            rounded = true;
            time = time.At(time.Wall.AddMonths(1));
            if (time.Wall.Month == 1)
            {
                return false;
            }
        }

        while (!fields.HasDay(time.Wall))
        {
            time = rounded ? time : time.At(time.Wall.Date);
            rounded = true;
            time = WithoutShift(time.At(time.Wall.AddDays(1)));
            if (time.Wall.Day == 1)
            {
                return false;
            }
        }

        while (!fields.HasHour(time.Wall.Hour))
        {
            time = rounded ? time : time.At(time.Wall.Date.AddHours(time.Wall.Hour));
            rounded = true;
            time = time.Plus(TimeSpan.FromHours(1));
            if (time.Wall.Hour == 0)
            {
                return false;
            }
        }

        while (!fields.HasMinute(time.Wall.Minute))
        {
            rounded = true;
            time = time.Plus(TimeSpan.FromMinutes(1));
            if (time.Wall.Minute == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Where midnight does not exist, the day begins at 23:00 of the day before or at 01:00; brought back to the full day.
    private static ZonedTime WithoutShift(ZonedTime time) => time.Wall.Hour switch
    {
        0 => time,
        > 12 => time.Plus(TimeSpan.FromHours(24 - time.Wall.Hour)),
        _ => time.Plus(TimeSpan.FromHours(-time.Wall.Hour)),
    };
}
