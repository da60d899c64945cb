namespace BackupFunctions.Cli.Output;

/// <summary>
/// The order of names in tables: by name, but of names that differ only in a 14-digit time stamp at their end (the backups of a
/// schedule) the newest comes first.
/// </summary>
internal sealed class ObjectNames : IComparer<string>
{
    private const int StampLength = 14;

    public static readonly ObjectNames Order = new();

    public int Compare(string? x, string? y)
    {
        (string? prefixX, string? stampX) = Split(x);
        (string? prefixY, string? stampY) = Split(y);
        if (stampX is not null && stampY is not null && prefixX == prefixY)
        {
            return string.CompareOrdinal(stampY, stampX);
        }

        return string.CompareOrdinal(x, y);
    }

    private static (string? Prefix, string? Stamp) Split(string? name)
    {
        int at = (name?.Length ?? 0) - StampLength;
        return at > 0 && name![at - 1] == '-' && name.AsSpan(at).IndexOfAnyExceptInRange('0', '9') < 0 // at > 0: not null
            ? (name[..at], name[at..])
            : (name, null);
    }
}
