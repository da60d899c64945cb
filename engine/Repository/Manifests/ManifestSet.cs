namespace BackupFunctions.Engine.Repository.Manifests;

/// <summary>All manifest entries at one moment, and the contents that they came from.</summary>
/// <param name="Contents">Parsed contents, kept so that a later load reads only new ones.</param>
/// <param name="Merged">Of each id the latest element, deletions included.</param>
/// <param name="Damaged">Contents that could not be read: entries are missing, and others may be there in an older state.</param>
internal sealed record ManifestSet(
    IReadOnlyDictionary<ContentId, IReadOnlyList<StoredManifest>> Contents,
    IReadOnlyDictionary<ManifestId, StoredManifest> Merged,
    IReadOnlyList<RepositoryCorruptException> Damaged)
{
    public static ManifestSet Empty { get; } = Of(new Dictionary<ContentId, IReadOnlyList<StoredManifest>>(), []);

    public static ManifestSet Of(IReadOnlyDictionary<ContentId, IReadOnlyList<StoredManifest>> contents, IReadOnlyList<RepositoryCorruptException> damaged)
    {
        Dictionary<ManifestId, StoredManifest> merged = [];
        foreach (IReadOnlyList<StoredManifest> elements in contents.Values)
        {
            foreach (StoredManifest element in elements)
            {
                if (!merged.TryGetValue(element.Id, out StoredManifest known) || Beats(element, known))
                {
                    merged[element.Id] = element;
                }
            }
        }

        return new ManifestSet(contents, merged, damaged);
    }

    public ManifestEntry? Find(ManifestId id) => Merged.GetValueOrDefault(id).Entry;

    /// <summary>Entries that have all the labels, oldest first, and of equal age by id.</summary>
    public IReadOnlyList<ManifestEntry> Find(IReadOnlyDictionary<string, string> labels)
    {
        List<ManifestEntry> found = [.. Merged.Values.Select(static element => element.Entry).OfType<ManifestEntry>().Where(entry => HasLabels(entry, labels))];
        found.Sort(static (a, b) => a.Modified != b.Modified ? a.Modified.CompareTo(b.Modified) : a.Id.CompareTo(b.Id));
        return found;
    }

    public static bool HasLabels(ManifestEntry entry, IReadOnlyDictionary<string, string> labels) =>
        labels.All(label => entry.Labels.TryGetValue(label.Key, out string? value) && value == label.Value);

    /// <summary>The later wins; of equally old ones a deletion.</summary>
    private static bool Beats(StoredManifest element, StoredManifest known) =>
        element.Modified > known.Modified || (element.Modified == known.Modified && element.IsDeleted);
}
