using System.Globalization;

namespace BackupFunctions.App.Hosting.Timers;

/// <summary>
/// The schedule of a timer trigger as Azure Functions writes it: six fields (second, minute, hour, day of month, month, day of week),
/// each <c>*</c>, a value, a list, a range or a step; UTC. A moment must fit all fields. Not the cron of backup schedules.
/// </summary>
internal sealed class NCronTab
{
    private static readonly (string Name, int Min, int Max)[] Fields =
        [("second", 0, 59), ("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 6)];

    private readonly bool[][] allowed;
    private readonly string text;

    private NCronTab(bool[][] allowed, string text) => (this.allowed, this.text) = (allowed, text);

    /// <exception cref="FormatException">It is no such schedule; the message names the field.</exception>
    public static NCronTab Parse(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            throw new FormatException($"The timer schedule '{text}' has {parts.Length} fields instead of {Fields.Length}.");
        }

        bool[][] allowed = new bool[Fields.Length][];
        for (int field = 0; field < Fields.Length; field++)
        {
            allowed[field] = ParseField(parts[field], Fields[field], text);
        }

        return new NCronTab(allowed, text);
    }

    /// <summary>The first whole second after <paramref name="moment"/> that fits.</summary>
    /// <exception cref="FormatException">No moment of the next five years fits, as on February 30.</exception>
    public DateTimeOffset Next(DateTimeOffset moment)
    {
        DateTime time = moment.UtcDateTime;
        time = new DateTime(time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, DateTimeKind.Utc).AddSeconds(1);
        DateTime limit = time.AddYears(5);
        while (time < limit)
        {
            if (!allowed[4][time.Month])
            {
                time = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            }
            else if (!allowed[3][time.Day] || !allowed[5][(int)time.DayOfWeek])
            {
                time = time.Date.AddDays(1);
            }
            else if (!allowed[2][time.Hour])
            {
                time = time.Date.AddHours(time.Hour + 1);
            }
            else if (!allowed[1][time.Minute])
            {
                time = time.AddSeconds(60 - time.Second);
            }
            else if (!allowed[0][time.Second])
            {
                time = time.AddSeconds(1);
            }
            else
            {
                return new DateTimeOffset(time, TimeSpan.Zero);
            }
        }

        throw new FormatException($"The timer schedule '{text}' never comes.");
    }

    public override string ToString() => text;

    private static bool[] ParseField(string part, (string Name, int Min, int Max) field, string text)
    {
        bool[] values = new bool[field.Max + 1];
        foreach (string item in part.Split(','))
        {
            string[] stepped = item.Split('/');
            int step = 1;
            bool sound = stepped.Length == 1 || (stepped.Length == 2 && TryNumber(stepped[1], out step) && step > 0);
            int first = field.Min;
            int last = field.Max;
            if (stepped[0] != "*")
            {
                string[] ends = stepped[0].Split('-');
                sound &= ends.Length <= 2 && TryNumber(ends[0], out first);
                last = stepped.Length == 2 ? field.Max : first;
                sound &= ends.Length < 2 || TryNumber(ends[1], out last);
            }

            if (!sound || first < field.Min || last > field.Max || first > last)
            {
                throw new FormatException($"'{item}' is no {field.Name} ({field.Min} to {field.Max}) in the timer schedule '{text}'.");
            }

            for (int value = first; value <= last; value += step)
            {
                values[value] = true;
            }
        }

        return values;
    }

    private static bool TryNumber(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
