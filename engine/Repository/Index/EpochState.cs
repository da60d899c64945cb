using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// What the names of all <c>x</c> blobs say (docs/repository-format.md, "Epochs"): pure, from one listing. The listing must have
/// gone in ordinal order (<c>xn</c> before <c>xr</c> and <c>xs</c>), so that an index deleted after its compaction is never missed.
/// </summary>
internal sealed class EpochState
{
    private readonly Dictionary<long, List<BlobInfo>> _indexes = [];
    private readonly Dictionary<(long First, long Last), CompleteSets> _ranges = [];
    private readonly Dictionary<long, CompleteSets> _singles = [];

    private readonly List<(long Epoch, BlobInfo Blob)> _markers = [];
    private readonly List<(long Seconds, BlobInfo Blob)> _watermarks = [];

    private EpochState()
    {
    }

    /// <summary>The markers that began epochs.</summary>
    public IReadOnlyList<(long Epoch, BlobInfo Blob)> Markers => _markers;

    /// <summary>Watermarks, the present one and those that it passed.</summary>
    public IReadOnlyList<(long Seconds, BlobInfo Blob)> Watermarks => _watermarks;

    /// <summary>Epochs that have index blobs written at flushes, in order.</summary>
    public IEnumerable<long> IndexedEpochs => _indexes.Keys.Order();

    /// <summary>The epoch that index blobs are written to.</summary>
    public long WriteEpoch { get; private set; }

    /// <summary>Deletions up to this Unix second are final; <see cref="long.MinValue"/> when none are.</summary>
    public long WatermarkSeconds { get; private set; } = long.MinValue;

    /// <summary>First epoch that no range covers.</summary>
    public long FirstUnranged { get; private set; }

    /// <summary>All blobs that count.</summary>
    public IReadOnlyList<BlobInfo> Active { get; private set; } = [];

    /// <summary>The last epoch that nobody writes to any more; negative when there is none.</summary>
    public long LastSettled => WriteEpoch - 2;

    public static EpochState From(IEnumerable<BlobInfo> listing)
    {
        EpochState state = new();
        foreach (BlobInfo blob in listing)
        {
            if (EpochBlobName.TryParse(blob.Name, out EpochBlobName name))
            {
                state.Add(blob, name);
            }
        }

        state.Active = state.SelectActive();
        return state;
    }

    /// <summary>The blobs of an epoch's indexes as written at flushes.</summary>
    public IReadOnlyList<BlobInfo> IndexesOf(long epoch) => _indexes.GetValueOrDefault(epoch) ?? [];

    /// <summary>The blobs of an epoch's complete compaction, or null.</summary>
    public IReadOnlyList<BlobInfo>? CompactionOf(long epoch) => _singles.GetValueOrDefault(epoch)?.First;

    private void Add(BlobInfo blob, EpochBlobName name)
    {
        switch (name.Kind)
        {
            case EpochBlobKind.Marker:
                _markers.Add((name.First, blob));
                WriteEpoch = Math.Max(WriteEpoch, name.First);
                break;
            case EpochBlobKind.Watermark:
                _watermarks.Add((name.First, blob));
                WatermarkSeconds = Math.Max(WatermarkSeconds, name.First);
                break;
            case EpochBlobKind.Index:
                SetFor(_indexes, name.First).Add(blob);
                break;
            case EpochBlobKind.Single:
                SetFor(_singles, name.First).Add(blob, name);
                break;
            case EpochBlobKind.Range:
                SetFor(_ranges, (name.First, name.Last)).Add(blob, name);
                break;
        }
    }

    private List<BlobInfo> SelectActive()
    {
        List<BlobInfo> active = [];
        foreach ((long First, long Last) range in ChainFromZero())
        {
            active.AddRange(_ranges[range].First ?? []);
            FirstUnranged = range.Last + 1;
        }

        // Epochs of which only a compaction is left, and epochs with indexes; those after the next one do not count yet.
        SortedSet<long> epochs = [.. _indexes.Keys, .. _singles.Keys];
        foreach (long epoch in epochs)
        {
            if (epoch < FirstUnranged || epoch > WriteEpoch + 1)
            {
                continue;
            }

            active.AddRange((epoch <= LastSettled ? CompactionOf(epoch) : null) ?? IndexesOf(epoch));
        }

        return active;
    }

    /// <summary>The complete ranges that cover 0 to the highest possible epoch without gap, the fewest of them.</summary>
    private List<(long First, long Last)> ChainFromZero()
    {
        ILookup<long, (long First, long Last)> byFirst = _ranges.Where(static range => range.Value.First is not null).Select(static range => range.Key).ToLookup(static key => key.First);
        Dictionary<long, (long Reach, int Count, (long First, long Last)? Next)> best = [];
        foreach (IGrouping<long, (long First, long Last)> group in byFirst.OrderByDescending(static group => group.Key))
        {
            (long Reach, int Count, (long First, long Last)? Next) found = (-1, 0, null);
            foreach ((long First, long Last) range in group)
            {
                (long reach, int count, _) = best.GetValueOrDefault(range.Last + 1, (range.Last, 0, null));
                if (reach > found.Reach || (reach == found.Reach && count + 1 < found.Count))
                {
                    found = (reach, count + 1, range);
                }
            }

            best[group.Key] = found;
        }

        List<(long First, long Last)> chain = [];
        long next = 0;
        while (best.TryGetValue(next, out (long Reach, int Count, (long First, long Last)? Next) step) && step.Next is { } range)
        {
            chain.Add(range);
            next = range.Last + 1;
        }

        return chain;
    }

    private static TValue SetFor<TKey, TValue>(Dictionary<TKey, TValue> map, TKey key)
        where TKey : notnull
        where TValue : new()
    {
        if (!map.TryGetValue(key, out TValue? value))
        {
            map[key] = value = new TValue();
        }

        return value;
    }

    /// <summary>The compactions of one epoch or range; the first that has all its blobs counts.</summary>
    private sealed class CompleteSets
    {
        private readonly Dictionary<string, List<BlobInfo>> _sets = [];

        public IReadOnlyList<BlobInfo>? First { get; private set; }

        public void Add(BlobInfo blob, EpochBlobName name)
        {
            List<BlobInfo> set = SetFor(_sets, name.SetId);
            set.Add(blob);
            if (set.Count == name.SetCount)
            {
                First ??= set;
            }
        }
    }
}
