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

    /// <summary>The entries in the present view of the index.</summary>
    public async Task<ManifestSet> LoadAsync(CancellationToken cancellationToken)
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
                    _set = await LoadAsync(view, cancellationToken);
                    _loadedView = view;
                    return _set;
                }
                catch (BackupException) when (attempt < MaxAttempts && !ReferenceEquals(view, index.Current))
                {
                    // Reading refreshed the index, so the set of contents is another one now.
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
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.LoadParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(LiveContents(view), parallel, async (entry, token) =>
        {
            if (!known.TryGetValue(entry.Id, out IReadOnlyList<StoredManifest>? elements))
            {
                using PooledBytes bytes = await contents.ReadAsync(entry.Id, token);
                elements = ManifestCodec.Decode(entry.Id, bytes.Memory);
            }

            loaded[entry.Id] = elements;
        });
        return ManifestSet.Of(loaded);
    }
}
