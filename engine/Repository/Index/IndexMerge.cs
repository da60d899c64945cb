using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// Several index segments as one index, in shards of a bounded size. The segments are gone through side by side (twice: to count, and to
/// write), so that memory holds one shard, however many entries there are.
/// </summary>
internal sealed class IndexMerge
{
    /// <summary>Entries of a shard: about 20 MB, which are in memory up to three times (gathered, as an index, encrypted).</summary>
    public const int DefaultShardEntries = 500_000;

    private const int TailBytes = 32;

    private readonly IndexWalk _walk;
    private readonly Func<IndexEntry, bool> _isKept;

    /// <param name="segments">What is merged. Of each content the entry that wins stays, deletions too.</param>
    /// <param name="isKept">Decides on each winner; null keeps all. Only sensible when the segments are all that there are: else an older entry would win.</param>
    public IndexMerge(IReadOnlyList<IndexSegment> segments, Func<IndexEntry, bool>? isKept = null, int shardEntries = DefaultShardEntries)
    {
        _walk = new IndexWalk(segments);
        _isKept = isKept ?? (static _ => true);
        EntryCount = _walk.Winners(prefix: null).LongCount(_isKept);
        ShardCount = (int)((EntryCount + shardEntries - 1) / shardEntries);
    }

    /// <summary>Entries of all shards.</summary>
    public long EntryCount { get; }

    /// <summary>How many blobs it makes; none when nothing is left.</summary>
    public int ShardCount { get; }

    /// <summary>The shards' plain bytes, each made when it is asked for.</summary>
    /// <param name="version">Index version.</param>
    /// <param name="hasRandomTail">Whether random bytes are put behind, so that equal merges have different names.</param>
    public IEnumerable<byte[]> Shards(int version, bool hasRandomTail)
    {
        using IEnumerator<IndexEntry> entries = _walk.Winners(prefix: null).Where(_isKept).GetEnumerator();
        for (int shard = 0; shard < ShardCount; shard++)
        {
            int count = (int)((EntryCount * (shard + 1) / ShardCount) - (EntryCount * shard / ShardCount));
            IndexShardBuilder? builder = null;
            for (int i = 0; i < count && entries.MoveNext(); i++)
            {
                builder ??= new IndexShardBuilder(version, entries.Current.Id.KeyLength, count);
                builder.Add(entries.Current);
            }

            byte[]? index = builder?.Build(hasRandomTail ? RandomNumberGenerator.GetBytes(TailBytes) : []);
            builder = null; // or it would stay in memory for as long as the caller keeps the index
            if (index is not null)
            {
                yield return index;
            }
        }
    }
}
