using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Work;

/// <summary>One backup or restore. The name is a checked one (a DNS-1123 subdomain), so that it is safe inside blob names.</summary>
public readonly record struct RunId(RunKind Kind, string Name)
{
    private string Folder => Kind == RunKind.Backup ? $"backups/{Name}/" : $"restores/{Name}/";

    /// <summary>Where the state of the unfinished run lies; ends in '/'. Removed when the run has been published.</summary>
    public string WorkPrefix => Folder + "work/";

    /// <summary>The claim of the run and the list of its items.</summary>
    public BlobName Plan => BlobName.Parse(WorkPrefix + "plan.json");

    /// <summary>Exists when somebody asked to cancel the run.</summary>
    public BlobName Cancelled => BlobName.Parse(WorkPrefix + "cancelled");

    /// <summary>
    /// Says that this run has (or is about to have) a plan, so that a sweep need not look into every backup there ever was.
    /// </summary>
    public BlobName Marker => BlobName.Parse($"{MarkerPrefix}{Kind.ToString().ToLowerInvariant()}/{Name}");

    /// <summary>Where the markers of unfinished runs lie.</summary>
    public static string MarkerPrefix => "metadata/backup-functions/running/";

    public string ResultsPrefix => WorkPrefix + "results/";

    public BlobName Result(string item) => BlobName.Parse($"{ResultsPrefix}{item}.json");

    public BlobName Progress(string item) => BlobName.Parse($"{WorkPrefix}progress/{item}.json");

    /// <summary>Records that the item's message was sent again, and how often.</summary>
    public BlobName Resent(string item) => BlobName.Parse($"{WorkPrefix}resent/{item}.json");

    /// <summary>The claim of sending the messages of a stage.</summary>
    public BlobName Stage(int stage) => BlobName.Parse($"{WorkPrefix}stages/{stage}");

    /// <summary>A blob of the item that only this attempt writes (tar members, log): no two ever write the same name.</summary>
    public BlobName Part(string item, AttemptId attempt, string suffix) => BlobName.Parse(PartPrefix(item, attempt) + suffix);

    /// <summary>What the names of all parts of the item that this attempt writes begin with.</summary>
    public string PartPrefix(string item, AttemptId attempt) => $"{WorkPrefix}parts/{item}-{attempt}";

    /// <summary>Where items announce what they are about to make outside the work folder; ends in '/'.</summary>
    public string AnnouncedPrefix => WorkPrefix + "announced/";

    /// <summary>Says, before it exists, what an item makes outside the work folder, so that it is found if its worker dies.</summary>
    public BlobName Announced(string item, string id) => BlobName.Parse($"{AnnouncedPrefix}{item}/{id}");

    /// <summary>Reads a marker's name back.</summary>
    public static bool TryParseMarker(BlobName name, out RunId run)
    {
        run = default;
        string text = name.ToString();
        if (!text.StartsWith(MarkerPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = text[MarkerPrefix.Length..].Split('/');
        if (parts.Length != 2 || parts[0] is not ("backup" or "restore"))
        {
            return false;
        }

        run = new RunId(parts[0] == "backup" ? RunKind.Backup : RunKind.Restore, parts[1]);
        return true;
    }

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Name}";
}
