using System.Collections.Concurrent;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;

namespace BackupFunctions.Engine.Repository.Manifests;

/// <summary>Loads the manifest entries that the present index shows; contents that were read once are not read again.</summary>
internal sealed class ManifestStore(ContentReader contents, ContentIndex index, RepositoryOptions options) : IDisposable
{
    /// <summary>Letter of manifest contents.</summary>
    public const char Prefix = 'm';

    /// <summary>A content that vanishes while loading was compacted by somebody: look at a newer index, so many times.</summary>
    private const int MaxAttempts = 5;

    private readonly SemaphoreSlim _turn = new(1, 1);

    // Guarded by _turn.
    private ManifestSet _set = ManifestSet.Empty;
    private IndexView? _loadedView;

    /// <summary>The entries in the present view of the index, all of them.</summary>
    /// <exception cref="RepositoryCorruptException">A content with entries is damaged.</exception>
    public async Task<ManifestSet> LoadAsync(CancellationToken cancellationToken)
    {
        ManifestSet set = await LoadReadableAsync(cancellationToken);
        return set.Damaged.Count == 0
            ? set
            : throw new RepositoryCorruptException(set.Damaged[0].Blob, set.Damaged[0].OffsetBytes, set.Damaged[0].Expected, set.Damaged[0].Found, set.Damaged[0]);
    }

    /// <summary>The entries that can be read, and what keeps others from being read.</summary>
    public async Task<ManifestSet> LoadReadableAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                IndexView view = index.Current;
                if (ReferenceEquals(view, _loadedView))
                {
                    return _set;
                }

                try
                {
                    ManifestSet loaded = await LoadAsync(view, cancellationToken);
                    if (loaded.Damaged.Count > 0 && attempt < MaxAttempts && !ReferenceEquals(view, index.Current))
                    {
                        continue; // reading refreshed the index, so the set of contents is another one now
                    }

                    _set = loaded;
                    _loadedView = view;
                    return _set;
                }
                catch (BackupException) when (attempt < MaxAttempts && !ReferenceEquals(view, index.Current))
                {
                    // As above.
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Index entries of all manifest contents that count.</summary>
    public static List<IndexEntry> LiveContents(IndexView view) => [.. view.Entries(Prefix).Where(static entry => !entry.IsDeleted)];

    public void Dispose() => _turn.Dispose();

    private async Task<ManifestSet> LoadAsync(IndexView view, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<ContentId, IReadOnlyList<StoredManifest>> known = _set.Contents;
        ConcurrentDictionary<ContentId, IReadOnlyList<StoredManifest>> loaded = new();
        ConcurrentBag<RepositoryCorruptException> damaged = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.LoadParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(LiveContents(view), parallel, async (entry, token) =>
        {
            if (!known.TryGetValue(entry.Id, out IReadOnlyList<StoredManifest>? elements))
            {
                try
                {
                    using PooledBytes bytes = await contents.ReadAsync(entry.Id, token);
                    elements = ManifestCodec.Decode(entry.Id, bytes.Memory);
                }
                catch (RepositoryCorruptException unreadable)
                {
                    damaged.Add(unreadable);
                    return;
                }
            }

            loaded[entry.Id] = elements;
        });
        return ManifestSet.Of(loaded, [.. damaged]);
    }
}
