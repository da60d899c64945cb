using System.Globalization;

namespace BackupFunctions.Engine.Schedules.Cron;

/// <summary>Reads five cron fields by the rules of robfig/cron v3 (parser.go).</summary>
internal static class CronParser
{
    private static readonly Bounds Minute = new("minute", 0, 59, []);
    private static readonly Bounds Hour = new("hour", 0, 23, []);
    private static readonly Bounds DayOfMonth = new("day of month", 1, 31, []);
    private static readonly Bounds Month = new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);
    private static readonly Bounds DayOfWeek = new("day of week", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    public static CronFields Parse(string schedule, string text)
    {
        string[] fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0)
        {
            throw CronErrors.Invalid(schedule, "Schedule must be a non-empty valid Cron expression");
        }

        if (fields.Length != 5)
        {
            throw CronErrors.Invalid(schedule, $"expected exactly 5 fields, found {fields.Length}");
        }

        ulong minutes = ParseField(schedule, fields[0], Minute, out _);
        ulong hours = ParseField(schedule, fields[1], Hour, out _);
        ulong days = ParseField(schedule, fields[2], DayOfMonth, out bool anyDay);
        ulong months = ParseField(schedule, fields[3], Month, out _);
        ulong weekDays = ParseField(schedule, fields[4], DayOfWeek, out bool anyWeekDay);
        return new CronFields(minutes, hours, days, months, weekDays, anyDay || anyWeekDay);
    }

    private static ulong ParseField(string schedule, string field, Bounds bounds, out bool star)
    {
        ulong bits = 0;
        star = false;
        foreach (string range in field.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            bits |= ParseRange(schedule, range, bounds, out bool rangeIsStar);
            star |= rangeIsStar;
        }

        return bits != 0 ? bits : throw CronErrors.Invalid(schedule, $"the {bounds.Name} '{field}' names no value");
    }

    // number | number "-" number [ "/" number ] | "*" [ "/" number ] | number "/" number (up to the end)
    private static ulong ParseRange(string schedule, string range, Bounds bounds, out bool star)
    {
        string[] rangeAndStep = range.Split('/');
        string[] lowAndHigh = rangeAndStep[0].Split('-');
        bool single = lowAndHigh.Length == 1;
        star = lowAndHigh[0] is "*" or "?";
        int start = star ? bounds.Min : ParseValue(schedule, lowAndHigh[0], bounds);
        int end = lowAndHigh.Length switch
        {
            _ when star => bounds.Max,
            1 => start,
            2 => ParseValue(schedule, lowAndHigh[1], bounds),
            _ => throw CronErrors.Invalid(schedule, $"too many hyphens in the {bounds.Name} '{range}'"),
        };
        int step = 1;
        if (rangeAndStep.Length > 2)
        {
            throw CronErrors.Invalid(schedule, $"too many slashes in the {bounds.Name} '{range}'");
        }

        if (rangeAndStep.Length == 2)
        {
            step = ParseNumber(schedule, rangeAndStep[1], bounds);
            end = single ? bounds.Max : end;
            star &= step <= 1;
        }

        Check(schedule, range, bounds, start, end, step);
        ulong bits = 0;
        for (long value = start; value <= end; value += step)
        {
            bits |= 1UL << (int)value;
        }

        return bits;
    }

    private static void Check(string schedule, string range, Bounds bounds, int start, int end, int step)
    {
        if (start < bounds.Min)
        {
            throw CronErrors.Invalid(schedule, $"beginning of range ({start}) below minimum ({bounds.Min}) in the {bounds.Name} '{range}'");
        }

        if (end > bounds.Max)
        {
            string hint = bounds == DayOfWeek && end == 7 ? "; Sunday is 0" : "";
            throw CronErrors.Invalid(schedule, $"end of range ({end}) above maximum ({bounds.Max}) in the {bounds.Name} '{range}'{hint}");
        }

        if (start > end)
        {
            throw CronErrors.Invalid(schedule, $"beginning of range ({start}) beyond end of range ({end}) in the {bounds.Name} '{range}'");
        }

        if (step == 0)
        {
            throw CronErrors.Invalid(schedule, $"step of range should be a positive number in the {bounds.Name} '{range}'");
        }
    }

    private static int ParseValue(string schedule, string text, Bounds bounds)
    {
        int name = Array.IndexOf(bounds.Names, text.ToLowerInvariant());
        return name >= 0 ? name + bounds.Min : ParseNumber(schedule, text, bounds);
    }

    private static int ParseNumber(string schedule, string text, Bounds bounds) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw CronErrors.Invalid(schedule, $"'{text}' in the {bounds.Name} is no number{(bounds.Names.Length > 0 ? $" and none of {string.Join(", ", bounds.Names)}" : "")}");

    private sealed record Bounds(string Name, int Min, int Max, string[] Names);
}
