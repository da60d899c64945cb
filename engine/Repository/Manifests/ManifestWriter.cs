using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Manifests;

/// <summary>Collects a session's new and deleted entries and writes them at a flush as one content.</summary>
internal sealed class ManifestWriter(ManifestStore store, ContentWriter contents, ContentIndex index, TimeProvider time)
{
    /// <summary>With so many manifest contents a flush that writes one more merges them all, as Kopia does.</summary>
    private const int CompactAt = 16;

    /// <summary>
    /// How long a merge keeps deletions. A slower writer may publish a merge made from an older view, in which the deleted entry still
    /// lives: only a deletion that is still there makes it stay dead (W8). No flush may take this long.
    /// </summary>
    private static readonly TimeSpan KeepDeletions = TimeSpan.FromHours(24);

    // Guards _pending.
    private readonly Lock _lock = new();
    private List<StoredManifest> _pending = [];

    public ManifestId Put(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json)
    {
        ManifestEntry entry = new(ManifestId.NewRandom(), new Dictionary<string, string>(labels, StringComparer.Ordinal), Now(), json.ToArray());
        lock (_lock)
        {
            _pending.Add(StoredManifest.Of(entry));
        }

        return entry.Id;
    }

    public void Delete(ManifestId id)
    {
        lock (_lock)
        {
            if (_pending.RemoveAll(element => element.Id == id) == 0)
            {
                _pending.Add(new StoredManifest(id, Now(), Entry: null));
            }
        }
    }

    /// <summary>Deletes all entries with these labels and adds one, unless there is just one and it has this value already.</summary>
    public async Task<ManifestId> ReplaceAsync(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        ManifestSet published = await store.LoadReadableAsync(cancellationToken); // one that cannot be read is older and loses
        List<ManifestEntry> found;
        lock (_lock)
        {
            HashSet<ManifestId> deleted = [.. _pending.Where(static element => element.IsDeleted).Select(static element => element.Id)];
            found = [.. published.Find(labels).Where(entry => !deleted.Contains(entry.Id))];
            found.AddRange(_pending.Select(static element => element.Entry).OfType<ManifestEntry>().Where(entry => ManifestSet.HasLabels(entry, labels)));
        }

        if (found is [var only] && only.Labels.Count == labels.Count && only.Json.Span.SequenceEqual(json.Span))
        {
            return only.Id;
        }

        foreach (ManifestEntry old in found)
        {
            Delete(old.Id);
        }

        return Put(labels, json);
    }

    /// <summary>Writes what is pending as a content.</summary>
    /// <returns>Deletions of contents that the flush has to publish together with the content (W8).</returns>
    public async Task<IReadOnlyList<IndexEntry>> WriteAsync(CancellationToken cancellationToken)
    {
        List<StoredManifest> pending;
        lock (_lock)
        {
            pending = _pending;
            _pending = [];
        }

        if (pending.Count == 0)
        {
            return [];
        }

        List<IndexEntry> replaced = [];
        if (ManifestStore.LiveContents(index.Current).Count >= CompactAt)
        {
            await index.RefreshAsync(index.Current, cancellationToken);
            replaced = ManifestStore.LiveContents(index.Current);
        }

        ManifestSet published = await store.LoadReadableAsync(cancellationToken);
        if (published.Damaged.Count > 0)
        {
            replaced = []; // a merge would lose for good what cannot be read now
        }

        Dictionary<ManifestId, StoredManifest> elements = replaced.Count > 0 ? Survivors(published) : [];
        foreach (StoredManifest element in pending)
        {
            elements[element.Id] = LaterThan(published, element);
        }

        await contents.WriteAsync(ManifestStore.Prefix, ManifestCodec.Encode(elements.Values), ContentCompression.ZstdFastest, cancellationToken);
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        return [.. replaced.Select(entry => entry.Deleted(now))];
    }

    private Dictionary<ManifestId, StoredManifest> Survivors(ManifestSet published)
    {
        UnixNanos oldest = UnixNanos.From(time.GetUtcNow() - KeepDeletions);
        return published.Merged.Values.Where(element => !element.IsDeleted || element.Modified >= oldest).ToDictionary(static element => element.Id);
    }

    /// <summary>A deletion must be later than what it deletes, even if that was written by a clock that goes ahead.</summary>
    private static StoredManifest LaterThan(ManifestSet published, StoredManifest element) =>
        published.Merged.TryGetValue(element.Id, out StoredManifest known) && known.Modified >= element.Modified
            ? element with { Modified = new UnixNanos(known.Modified.Value + 1) }
            : element;

    private UnixNanos Now() => UnixNanos.From(time.GetUtcNow());
}
