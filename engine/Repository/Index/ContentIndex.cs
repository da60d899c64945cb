using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// The repository's index as seen now: loads the blobs that count, keeps those it knows over refreshes, and adds what this process
/// writes. <see cref="Current"/> is swapped as a whole and may be read at any time.
/// </summary>
internal sealed class ContentIndex(
    IBlobStore store, IIndexBlobStore blobs, RepositoryCrypto crypto, FormatStore format, RepositoryParameters parameters, RepositoryOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Index blobs that are to be loaded and have more bytes in all than this do not stay in memory if there is another place.</summary>
    private const long MaxBytesInMemory = 32 << 20;

    /// <summary>A blob that is gone was replaced meanwhile: list again, with growing pauses, as often as Kopia does.</summary>
    private const int MaxLoadAttempts = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly IndexBlobLoader _loader = new(store, crypto, parameters, options, time);

    /// <summary>Loading and publishing exclude one another, so that no view forgets a segment just published.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    private volatile State _state = new(IndexView.Empty, new Dictionary<BlobName, IndexSegment>(), null);

    /// <summary>The newest view.</summary>
    public IndexView Current => _state.View;

    /// <summary>Whether the view is so old that writers may not use it any more (W6).</summary>
    public bool IsStale => _state.LoadedAt is not { } loadedAt || time.GetElapsedTime(loadedAt) >= options.IndexRefresh;

    /// <summary>Loads the view anew. Of concurrent callers that hold the same view one does the work.</summary>
    public async Task RefreshAsync(IndexView seen, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (ReferenceEquals(seen, _state.View) || IsStale)
            {
                if (_state.LoadedAt is not null)
                {
                    (await format.ReadAgainAsync(cancellationToken)).RequireSameLayout(parameters);
                }

                _state = await LoadAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Puts one index blob with these entries, which are of durable packs (W3), and shows them in the view.</summary>
    /// <returns>Bytes put.</returns>
    public async Task<long> PublishAsync(IReadOnlyCollection<IndexEntry> entries, string sessionId, CancellationToken cancellationToken)
    {
        List<IndexEntry> sorted = IndexBuilder.SortAndMerge(entries);
        byte[] index = IndexBuilder.Build(parameters.IndexVersion, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sorted), []);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            (BlobName name, int storedBytes) = await blobs.WriteAsync(index, sessionId, cancellationToken);
            State state = _state;
            long inMemory = state.View.Segments.Sum(static segment => (long)segment.MemoryByteCount);
            IndexSegment segment = !_loader.HasFolder || inMemory + index.Length <= MaxBytesInMemory
                ? IndexSegment.Parse(name.ToString(), index)
                : await _loader.LoadAsync(new BlobInfo(name, storedBytes, time.GetUtcNow()), mayStayInMemory: false, cancellationToken);
            Dictionary<BlobName, IndexSegment> segments = new(state.Segments) { [name] = segment };
            _state = new State(state.View.With(segment), segments, state.LoadedAt);
            return storedBytes;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Segments of index blobs, whether they count or not; empty ones are left out. Those that are loaded for it are not kept, and lie in files
    /// where the present view's do.
    /// </summary>
    /// <exception cref="BackupException">NotFound: one was replaced meanwhile; Corrupt.</exception>
    public async Task<List<IndexSegment>> LoadSegmentsAsync(IReadOnlyCollection<BlobInfo> wanted, CancellationToken cancellationToken) =>
        [.. (await LoadAllAsync(wanted, cancellationToken)).Values.Where(static segment => segment.Count > 0)];

    public void Dispose() => _turn.Dispose();

    private async Task<State> LoadAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                long start = time.GetTimestamp();
                State loaded = await LoadOnceAsync(start, cancellationToken);
                if (time.GetElapsedTime(start) < options.IndexRefresh)
                {
                    return loaded;
                }

                if (attempt == MaxLoadAttempts)
                {
                    throw new BackupException(
                        ErrorKind.Unavailable, $"loading the indexes of {store.DisplayName} took longer than {options.IndexRefresh}", "Look for what slows the store down, or compact the indexes by maintenance.");
                }
            }
            catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound && attempt < MaxLoadAttempts)
            {
                await Task.Delay(pause, time, cancellationToken);
                pause *= 2;
            }
        }
    }

    private async Task<State> LoadOnceAsync(long start, CancellationToken cancellationToken)
    {
        IndexBlobSet set = await blobs.ListActiveAsync(cancellationToken);
        ConcurrentDictionary<BlobName, IndexSegment> segments = await LoadAllAsync(set.Blobs, cancellationToken);
        _loader.Sweep(set.Blobs);
        return new State(new IndexView([.. segments.Values.Where(static segment => segment.Count > 0)], set.WatermarkSeconds), new(segments), start);
    }

    /// <summary>The segments of blobs: those that are known already, and the others loaded.</summary>
    private async Task<ConcurrentDictionary<BlobName, IndexSegment>> LoadAllAsync(IReadOnlyCollection<BlobInfo> wanted, CancellationToken cancellationToken)
    {
        Dictionary<BlobName, IndexSegment> known = _state.Segments;
        ConcurrentDictionary<BlobName, IndexSegment> segments = new();
        bool mayStayInMemory = wanted.Where(blob => !known.ContainsKey(blob.Name)).Sum(static blob => blob.LengthBytes) <= MaxBytesInMemory;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.LoadParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(wanted, parallel, async (blob, token) =>
        {
            if (!known.TryGetValue(blob.Name, out IndexSegment? segment))
            {
                segment = await _loader.LoadAsync(blob, mayStayInMemory, token);
            }

            segments[blob.Name] = segment;
        });
        return segments;
    }

    /// <summary>Everything that changes at once.</summary>
    private sealed record State(IndexView View, Dictionary<BlobName, IndexSegment> Segments, long? LoadedAt);
}
