using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules.Cron;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Schedules;

/// <summary>
/// When something is due: five cron fields, a descriptor such as <c>@daily</c>, or <c>@every 1h30m</c>, with an optional
/// <c>CRON_TZ=Zone</c> in front; without one, UTC. Meaning as in robfig/cron v3's standard parser, which Velero uses: when both day
/// fields are restricted either may match; Sunday is 0 only; a wall-clock time that a switch to summer time skips does not fire, and
/// one that a switch to winter time repeats fires twice. Immutable.
/// </summary>
public sealed class CronSchedule
{
    private readonly CronFields? fields; // null for @every
    private readonly TimeSpan every;
    private readonly TimeZoneInfo zone;
    private readonly string text;

    private CronSchedule(string text, TimeZoneInfo zone, CronFields? fields, TimeSpan every)
    {
        this.text = text;
        this.zone = zone;
        this.fields = fields;
        this.every = every;
    }

    /// <exception cref="BackupException">InvalidInput; the message says what is wrong with the text.</exception>
    public static CronSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rest = text;
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (space < 0)
            {
                throw CronErrors.Invalid(text, "after the time zone there is nothing");
            }

            zone = TimeZones.Find(text, text[(equals + 1)..space]);
            rest = text[space..].Trim();
        }

        if (rest.StartsWith('@'))
        {
            return ParseDescriptor(text, rest, zone);
        }

        return new CronSchedule(text, zone, CronParser.Parse(text, rest), TimeSpan.Zero);
    }

    /// <summary>The first due time after <paramref name="after"/>, in UTC; null when there is none within five years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (fields is not null)
        {
            return NextDueTime.After(fields, zone, after);
        }

        DateTimeOffset next = WholeSecond(after.ToUniversalTime());
        return DateTimeOffset.MaxValue - next > every ? next + every : null;
    }

    /// <summary>
    /// The latest due time after <paramref name="since"/> and not after <paramref name="now"/>, or null when none was due: however many
    /// were missed, one backup is made. The cost does not depend on how many there were.
    /// </summary>
    public DateTimeOffset? LatestDueAtOrBefore(DateTimeOffset since, DateTimeOffset now)
    {
        if (Next(since) is not { } due || due > now)
        {
            return null;
        }

        if (fields is null)
        {
            return due + TimeSpan.FromTicks((now - due).Ticks / every.Ticks * every.Ticks);
        }

        // Something is due at `due`; nothing is known to be due after `end`. The gap is halved until no due time fits in.
        DateTimeOffset end = now;
        while (end - due >= Resolution)
        {
            DateTimeOffset middle = due + ((end - due) / 2);
            if (Next(middle) is { } later && later <= now)
            {
                due = later;
            }
            else
            {
                end = middle;
            }
        }

        return Next(due) is { } last && last <= now ? last : due;
    }

    /// <summary>The text it was parsed from.</summary>
    public override string ToString() => text;

    private static readonly TimeSpan Resolution = TimeSpan.FromMinutes(1);

    private static CronSchedule ParseDescriptor(string text, string descriptor, TimeZoneInfo zone)
    {
        const string EveryPrefix = "@every ";
        string? cron = descriptor switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => null,
        };
        if (cron is not null)
        {
            return new CronSchedule(text, zone, CronParser.Parse(text, cron), TimeSpan.Zero);
        }

        if (!descriptor.StartsWith(EveryPrefix, StringComparison.Ordinal))
        {
            throw CronErrors.Invalid(
                text, $"the descriptor '{descriptor}' is unknown; there are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @every <duration>");
        }

        string durationText = descriptor[EveryPrefix.Length..];
        if (!GoDuration.TryParse(durationText, out TimeSpan duration))
        {
            throw CronErrors.Invalid(text, $"'{durationText}' is no duration such as 90m or 1h30m");
        }

        TimeSpan whole = TimeSpan.FromSeconds(Math.Max(1, (long)duration.TotalSeconds));
        return new CronSchedule(text, zone, null, whole);
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset moment) => new(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerSecond), moment.Offset);
}
