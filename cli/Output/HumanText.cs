using System.Globalization;

namespace BackupFunctions.Cli.Output;

/// <summary>Times, durations and sizes as people read them.</summary>
internal static class HumanText
{
    /// <summary>As Go prints a time, which is what Velero's tables hold.</summary>
    public static string Time(DateTimeOffset? time, string missing = "<n/a>") =>
        time is { } moment ? moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture) : missing;

    /// <summary>How far away: <c>29d</c> ahead, <c>3h ago</c>, <c>n/a</c>.</summary>
    public static string FromNow(DateTimeOffset? time, DateTimeOffset now) => time switch
    {
        null => "n/a",
        { } moment when moment < now => Short(now - moment) + " ago",
        { } moment => Short(moment - now),
    };

    /// <summary>A duration by its largest unit.</summary>
    public static string Short(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 1 } => Invariant($"{(long)duration.TotalSeconds}s"),
        { TotalHours: < 1 } => Invariant($"{(long)duration.TotalMinutes}m"),
        { TotalDays: < 1 } => Invariant($"{(long)duration.TotalHours}h"),
        { TotalDays: < 365 } => Invariant($"{(long)duration.TotalDays}d"),
        _ => Invariant($"{(long)(duration.TotalDays / 365)}y"),
    };

    /// <summary>A number of bytes in binary units, three digits or so.</summary>
    public static string Bytes(long bytes)
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? Invariant($"{bytes} B") : Invariant($"{value:0.0} {units[unit]}");
    }

    public static string Count(long count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Text from a store or a file system without what would move the cursor of a terminal.</summary>
    public static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
