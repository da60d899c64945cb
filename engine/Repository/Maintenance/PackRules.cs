using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Which packs are worth emptying, and which may be deleted. Pure.</summary>
internal static class PackRules
{
    /// <summary>A pack with less than this of its full size in use is emptied, as Kopia does.</summary>
    private const int ShortPercent = 60;

    /// <summary>Less than this is not worth moving a pack alone; what is not contents in a pack is less.</summary>
    private const long LeastDeadBytes = 256 << 10;

    /// <summary>The store's clock is trusted to a second.</summary>
    private static readonly TimeSpan StartSlack = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The packs that are short, by kind. Contents that are deleted do not count and are not moved: they go with their pack. Several of a kind are
    /// emptied together; one alone only if that frees much (<see cref="IsMostlyDead"/>), since it makes another short pack.
    /// </summary>
    public static IEnumerable<IGrouping<char, BlobName>> Short(IReadOnlyDictionary<BlobName, PackUse> packs, long maxPackBytes) => packs
        .Where(pack => pack.Value.MovableCount > 0 && pack.Value.LiveBytes < maxPackBytes * ShortPercent / 100)
        .Select(static pack => pack.Key)
        .GroupBy(static name => name.ToString()[0]);

    /// <summary>Whether more than half of a pack is not wanted any more, and enough to be worth a move.</summary>
    public static bool IsMostlyDead(long packBytes, PackUse use) => packBytes - use.LiveBytes > Math.Max(use.LiveBytes, LeastDeadBytes);

    /// <summary>
    /// Whether a pack, or session marker, that no index refers to may go (M4): it is older than the run and than any pack whose index may be on
    /// its way, and its session is not running.
    /// </summary>
    /// <param name="start">When the run began, by the store's clock.</param>
    /// <param name="sessions">Of each session by its name: when its latest marker was put.</param>
    public static bool MayDelete(BlobInfo blob, DateTimeOffset start, IReadOnlyDictionary<string, DateTimeOffset> sessions, SafetyMargins margins)
    {
        DateTimeOffset cutoff = start + StartSlack;
        return SessionOf(blob.Name) is { } session
            && blob.LastModified <= cutoff
            && cutoff - blob.LastModified >= margins.PackMinAge
            && !(sessions.TryGetValue(session, out DateTimeOffset marked) && cutoff - marked < margins.SessionExpiration);
    }

    /// <summary>The session in the name of a pack or marker; null when it is neither, whatever else its name begins with.</summary>
    public static string? SessionOf(BlobName blob)
    {
        string[] parts = blob.ToString().Split('-');
        return parts is [{ Length: > 1 }, ['s', _, ..]] ? parts[1] : null;
    }
}
