using System.Globalization;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>
/// Holds the index against one listing of the store: what every pack must hold at least is summed up from the index, then met with
/// the listing. Memory grows with the number of packs, not of contents; no request is made for a single pack.
/// </summary>
internal sealed class PackSurvey
{
    private readonly Dictionary<BlobName, PackUse> _uses = [];
    private readonly List<SurveyedPack> _packs = [];
    private readonly List<BlobInfo> _others = [];

    private PackSurvey(IndexView view) => View = view;

    /// <summary>The view of the index that was surveyed.</summary>
    public IndexView View { get; }

    /// <summary>Packs that are there, in the order of their names.</summary>
    public IReadOnlyList<SurveyedPack> Packs => _packs;

    /// <summary>All blobs that are no packs.</summary>
    public IReadOnlyList<BlobInfo> Others => _others;

    /// <summary>
    /// Surveys, and adds what is wrong to the ledger. Packs may go while maintenance runs, after the index that named them was replaced: so when
    /// some are missing, everything is looked at again with a new index, once.
    /// </summary>
    /// <param name="store">All blobs, also those that the repository's own view leaves out.</param>
    public static async Task<PackSurvey> RunAsync(KopiaRepository repository, IBlobStore store, FindingLedger ledger, CancellationToken cancellationToken)
    {
        PackSurvey survey = await OnceAsync(repository, store, cancellationToken);
        if (survey._uses.Values.Any(static use => use.ListedBytes is null))
        {
            await repository.RefreshAsync(cancellationToken);
            survey = await OnceAsync(repository, store, cancellationToken);
        }

        survey.Report(ledger);
        return survey;
    }

    private static async Task<PackSurvey> OnceAsync(KopiaRepository repository, IBlobStore store, CancellationToken cancellationToken)
    {
        PackSurvey survey = new(repository.Index.Current);
        foreach (IndexEntry entry in survey.View.Entries(prefix: null))
        {
            if (!survey._uses.TryGetValue(entry.Pack, out PackUse? use))
            {
                cancellationToken.ThrowIfCancellationRequested();
                survey._uses.Add(entry.Pack, use = new PackUse());
            }

            use.Add(entry);
        }

        await foreach (BlobInfo blob in store.ListAsync("", cancellationToken))
        {
            survey.Add(blob);
        }

        return survey;
    }

    private void Add(BlobInfo blob)
    {
        if (!SurveyedPack.IsPackName(blob.Name.ToString()))
        {
            _others.Add(blob);
            return;
        }

        PackUse? use = _uses.GetValueOrDefault(blob.Name);
        if (use is not null)
        {
            use.ListedBytes = blob.LengthBytes;
        }

        _packs.Add(new SurveyedPack(blob.Name, blob.LengthBytes, use?.Contents ?? 0));
    }

    private void Report(FindingLedger ledger)
    {
        HashSet<string> runningSessions = [.. _others.Select(static blob => blob.Name.ToString()).Where(static name => name.StartsWith('s') && name.Contains('-', StringComparison.Ordinal)).Select(SessionOf)];
        foreach ((BlobName pack, PackUse use) in _uses.OrderBy(static use => use.Key))
        {
            string count = string.Create(CultureInfo.InvariantCulture, $"{use.Contents} contents");
            if (use.ListedBytes is not { } listed)
            {
                ledger.AddMissing(pack, new RepositoryFinding(FindingKind.MissingPack, FindingSeverity.Damage, pack.ToString(), null, count, "no such blob"));
            }
            else if (listed < use.EndBytes)
            {
                ledger.AddShort(pack, listed, new RepositoryFinding(
                    FindingKind.ShortPack, FindingSeverity.Damage, pack.ToString(), listed, $"at least {use.EndBytes} bytes with {count}", $"{listed} bytes"));
            }
        }

        foreach (SurveyedPack pack in _packs.Where(static pack => !pack.IsReferenced))
        {
            string name = pack.Name.ToString();
            string found = runningSessions.Contains(SessionOf(name)) ? "none, but the marker of its session" : "none";
            ledger.Add(new RepositoryFinding(FindingKind.UnreferencedPack, FindingSeverity.Harmless, name, null, "an index that names its contents", found));
        }

        ledger.Count(report => report with
        {
            Blobs = _packs.Count + _others.Count,
            Packs = _packs.Count,
            StoredBytes = _packs.Sum(static pack => pack.LengthBytes) + _others.Sum(static blob => blob.LengthBytes),
            Contents = _uses.Values.Sum(static use => use.Contents),
        });
    }

    /// <summary>The session in a pack's or marker's name: what follows the first dash.</summary>
    public static string SessionOf(string name) => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];

    /// <summary>What the index says of a pack, and its length in the listing.</summary>
    private sealed class PackUse
    {
        public long Contents { get; private set; }

        public long EndBytes { get; private set; }

        public long? ListedBytes { get; set; }

        public void Add(in IndexEntry entry)
        {
            Contents++;
            EndBytes = Math.Max(EndBytes, (long)entry.PackOffset + entry.PackedBytes);
        }
    }
}
