namespace BackupFunctions.Engine.Schedules.Cron;

/// <summary>A moment together with what the clocks of a zone show.</summary>
internal readonly record struct ZonedTime(DateTime Utc, DateTime Wall, TimeZoneInfo Zone)
{
    public static ZonedTime Of(DateTime utc, TimeZoneInfo zone) =>
        new(utc, DateTime.SpecifyKind(utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified), zone);

    /// <summary>The moment at which the clocks show this. Of two such moments, or none, the choice is that of Go's time.Date.</summary>
    public ZonedTime At(DateTime wall)
    {
        DateTime guess = DateTime.SpecifyKind(wall, DateTimeKind.Utc);
        DateTime closer = guess - Zone.GetUtcOffset(guess);
        return Of(guess - Zone.GetUtcOffset(closer), Zone);
    }

    public ZonedTime Plus(TimeSpan elapsed) => Of(Utc + elapsed, Zone);

    /// <summary>The start of the wall clock's next minute.</summary>
    public ZonedTime NextMinute() =>
        Plus(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (Wall.Ticks % TimeSpan.TicksPerMinute)));
}
