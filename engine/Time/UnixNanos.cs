using System.Globalization;

namespace BackupFunctions.Engine.Time;

/// <summary>
/// A moment as nanoseconds since 1970-01-01T00:00:00Z, the precision of file times and of Kopia's JSON
/// (<see cref="DateTimeOffset"/> would lose the last two digits). <c>default</c> is the epoch itself.
/// Range: 1677-09-21 to 2262-04-11, as in Go.
/// </summary>
public readonly record struct UnixNanos(long Value) : IComparable<UnixNanos>
{
    private const long NanosPerSecond = 1_000_000_000;
    private const long NanosPerTick = 100;

    /// <summary>The given moment; parts below 100 ns are zero.</summary>
    public static UnixNanos From(DateTimeOffset moment) =>
        new(checked((moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosPerTick));

    public static UnixNanos FromSeconds(long seconds, int nanos = 0) => new(checked((seconds * NanosPerSecond) + nanos));

    /// <summary>Whole seconds since the epoch, rounded down.</summary>
    public long Seconds => Math.DivRem(Value, NanosPerSecond) is var (q, r) && r < 0 ? q - 1 : Value / NanosPerSecond;

    /// <summary>0 to 999,999,999: what <see cref="Seconds"/> leaves over.</summary>
    public int NanosOfSecond => (int)(Value - (Seconds * NanosPerSecond));

    /// <summary>The moment rounded down to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.UnixEpoch.AddSeconds(Seconds).AddTicks(NanosOfSecond / NanosPerTick);

    /// <summary>RFC 3339 in UTC with up to nine fractional digits, trailing zeros dropped, as Go writes it.</summary>
    public override string ToString()
    {
        string seconds = DateTimeOffset.UnixEpoch.AddSeconds(Seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        if (NanosOfSecond == 0)
        {
            return seconds + "Z";
        }

        return seconds + "." + NanosOfSecond.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0') + "Z";
    }

    /// <summary>Reads RFC 3339 with any offset and up to nine significant fractional digits (more are cut off).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UnixNanos value)
    {
        value = default;
        const int SecondsLength = 19; // 2006-01-02T15:04:05
        if (text.Length <= SecondsLength
            || !DateTime.TryParseExact(text[..SecondsLength], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime wall))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[SecondsLength..];
        int nanos = 0;
        if (rest[0] == '.')
        {
            int digits = 0;
            rest = rest[1..];
            int scale = (int)NanosPerSecond;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                scale /= 10;
                nanos += (rest[digits] - '0') * scale;
                digits++;
            }

            if (digits == 0)
            {
                return false;
            }

            rest = rest[digits..];
        }

        if (!TryParseOffset(rest, out TimeSpan offset))
        {
            return false;
        }

        Int128 seconds = (Int128)((wall.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond) - (long)offset.TotalSeconds;
        Int128 total = (seconds * NanosPerSecond) + nanos;

        // Go's zero time (year 1) lies outside; it means "no time" and is clamped to the smallest value.
        value = new((long)Int128.Clamp(total, long.MinValue, long.MaxValue));
        return true;
    }

    /// <summary>The same from ASCII. What Go writes for a time in UTC is read without the detour over text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out UnixNanos value)
    {
        const int MaxBytes = 64;
        const int FractionOffset = 20; // behind 2006-01-02T15:04:05.
        const int MaxFractionDigits = 9;
        if (ascii is [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T', _, _, (byte)':', _, _, (byte)':', _, _, (byte)'.', .. { Length: > 0 and <= MaxFractionDigits }, (byte)'Z']
            or [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T', _, _, (byte)':', _, _, (byte)':', _, _, (byte)'Z'])
        {
            ReadOnlySpan<byte> fraction = ascii.Length > FractionOffset ? ascii[FractionOffset..^1] : default;
            int year = Digits(ascii[..4]), month = Digits(ascii[5..7]), day = Digits(ascii[8..10]);
            int hour = Digits(ascii[11..13]), minute = Digits(ascii[14..16]), second = Digits(ascii[17..19]), nanos = Digits(fraction);
            if (year is >= 1678 and <= 2261 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
                && hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60 && nanos >= 0)
            {
                for (int digits = fraction.Length; digits < MaxFractionDigits; digits++)
                {
                    nanos *= 10;
                }

                long ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
                value = new((ticks * NanosPerTick) + nanos);
                return true;
            }
        }

        Span<char> wide = stackalloc char[MaxBytes];
        value = default;
        return ascii.Length <= MaxBytes && System.Text.Ascii.ToUtf16(ascii, wide, out int length) == System.Buffers.OperationStatus.Done
            && TryParse(wide[..length], out value);
    }

    /// <exception cref="FormatException">The text is not RFC 3339.</exception>
    public static UnixNanos Parse(string text) =>
        TryParse(text, out UnixNanos value) ? value : throw new FormatException($"'{text}' is not an RFC 3339 time.");

    public int CompareTo(UnixNanos other) => Value.CompareTo(other.Value);

    public static bool operator <(UnixNanos left, UnixNanos right) => left.Value < right.Value;

    public static bool operator >(UnixNanos left, UnixNanos right) => left.Value > right.Value;

    public static bool operator <=(UnixNanos left, UnixNanos right) => left.Value <= right.Value;

    public static bool operator >=(UnixNanos left, UnixNanos right) => left.Value >= right.Value;

    /// <summary>The number that at most nine digits are; negative when there is something else among them.</summary>
    private static int Digits(ReadOnlySpan<byte> text)
    {
        int value = 0;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return -1;
            }

            value = (value * 10) + (digit - '0');
        }

        return value;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        const int OffsetLength = 6; // +01:00
        if (text.Length != OffsetLength || text[0] is not ('+' or '-') || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            || !int.TryParse(text[4..6], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes))
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        offset = text[0] == '-' ? -offset : offset;
        return true;
    }
}
