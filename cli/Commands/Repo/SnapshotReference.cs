using System.CommandLine;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;

namespace BackupFunctions.Cli.Commands.Repo;

/// <summary>A snapshot as users name it: by its id, by the first digits of it, or as the latest; with a path in it or without.</summary>
internal static class SnapshotReference
{
    private const string Latest = "latest";
    private const int MinDigits = 4;

    public static Argument<string> Argument(string name, string description) => new(name) { Description = description };

    /// <summary>Narrows what <c>latest</c> means, and lists.</summary>
    public static Option<SnapshotSource?> SourceOption(string description) => new("--source")
    {
        HelpName = "USER@HOST:PATH",
        Description = description,
        CustomParser = result =>
        {
            if (!SnapshotSource.TryParse(result.Tokens[0].Value, out SnapshotSource? source))
            {
                result.AddError($"'{result.Tokens[0].Value}' is not a source; write it like root@server:/var/data.");
            }

            return source;
        },
    };

    /// <summary>The snapshot, and the path behind the first slash.</summary>
    /// <exception cref="BackupException">NotFound, or InvalidInput when it may mean several.</exception>
    public static async Task<(TreeSnapshot Snapshot, string Path)> FindAsync(KopiaRepository repository, string text, SnapshotSource? source, CancellationToken cancellationToken)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        (string name, string path) = slash < 0 ? (text, "") : (text[..slash], text[slash..]);
        IReadOnlyList<TreeSnapshot> all = (await new SnapshotCatalog(repository).ListAsync(cancellationToken)).Snapshots;
        return (name == Latest ? FindLatest(all, source) : FindById(all, name), path);
    }

    /// <exception cref="BackupException">NotFound, or InvalidInput when it may mean several.</exception>
    public static TreeSnapshot FindById(IReadOnlyList<TreeSnapshot> all, string digits)
    {
        List<TreeSnapshot> found = digits.Length < MinDigits ? [] : [.. all.Where(snapshot => snapshot.Id.ToString().StartsWith(digits, StringComparison.Ordinal))];
        return found switch
        {
            [TreeSnapshot one] => one,
            [] when digits.Length < MinDigits => throw new BackupException(ErrorKind.InvalidInput, $"'{digits}' is too short for the id of a snapshot.", $"Give at least {MinDigits} digits of it, or '{Latest}'."),
            [] => throw new BackupException(ErrorKind.NotFound, $"There is no snapshot {digits}.", "'backupctl repo snapshot list --all' tells the ids."),
            _ => throw new BackupException(ErrorKind.InvalidInput, $"{found.Count} snapshots have ids that begin with {digits}.", "Give more digits."),
        };
    }

    private static TreeSnapshot FindLatest(IReadOnlyList<TreeSnapshot> all, SnapshotSource? source)
    {
        List<TreeSnapshot> complete = [.. all.Where(snapshot => snapshot.IsComplete && (source is null || snapshot.Source == source))];
        int sources = complete.Select(snapshot => snapshot.Source).Distinct().Count();
        return sources switch
        {
            0 => throw new BackupException(ErrorKind.NotFound, source is null ? "There is no complete snapshot." : $"There is no complete snapshot of {source}.", "'backupctl repo snapshot list --all' tells what there is."),
            1 => complete[^1],
            _ => throw new BackupException(ErrorKind.InvalidInput, $"There are snapshots of {sources} sources, so the latest may be of the wrong one.", "Say which with --source USER@HOST:PATH, or give the snapshot's id."),
        };
    }
}
