using System.Runtime.InteropServices;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// Moves the contents of packs that are mostly empty together into new ones, so that the old ones can go. The stored bytes are copied after
/// their tag was checked; nothing is encrypted anew, because a content's key and bytes stay the same. Only so many contents as are in one
/// batch are in memory, whatever the repository's size.
/// </summary>
internal sealed class PackRewriter(KopiaRepository repository, SafetyMargins margins)
{
    /// <summary>Contents of a batch; a pack is always in one batch.</summary>
    private const int MaxBatchContents = 100_000;

    private const int MaxReadBytes = 4 << 20;
    private const long MaxGapBytes = 64 << 10;
    private readonly Lock _lock = new(); // guards the three below
    private readonly List<string> _problems = [];
    private long _movedCount;
    private long _movedBytes;

    /// <param name="onlyMetadata">Only packs of contents with a letter.</param>
    /// <param name="beginBatch">Called before contents are moved, and again before each further batch.</param>
    public async Task<MaintenanceTaskReport> RunAsync(string task, bool onlyMetadata, Func<CancellationToken, Task> beginBatch, CancellationToken cancellationToken)
    {
        long youngest = repository.Time.GetUtcNow().ToUnixTimeSeconds() - (long)margins.RewriteMinAge.TotalSeconds;
        Dictionary<BlobName, PackUse> packs = UseOfPacks(repository.Index.Current, youngest, onlyMetadata);
        List<BlobName> emptied = await SelectAsync(packs, cancellationToken);
        if (emptied.Count == 0)
        {
            return new MaintenanceTaskReport(task, []) { Skipped = "no packs are worth emptying" }; // not recorded: a rewrite puts deletions off
        }

        long wanted = emptied.Sum(name => (long)packs[name].MovableCount);
        foreach (HashSet<BlobName> batch in Batches(emptied, packs))
        {
            List<IndexEntry> entries =
                [.. repository.Index.Current.Entries(prefix: null).Where(entry => !entry.IsDeleted && entry.TimestampSeconds <= youngest && batch.Contains(entry.Pack))];
            await beginBatch(cancellationToken);
            await MoveAsync(entries, cancellationToken);
        }

        return new MaintenanceTaskReport(
            task,
            [new("toRewriteContent", wanted, null), new("rewrittenContent", _movedCount, _movedBytes), new("emptiedPack", emptied.Count)])
        {
            Problems = _problems,
        };
    }

    /// <summary>The packs to empty, in order of their names so that the two kinds stay apart.</summary>
    private async Task<List<BlobName>> SelectAsync(Dictionary<BlobName, PackUse> packs, CancellationToken cancellationToken)
    {
        List<BlobName> emptied = [];
        foreach (IGrouping<char, BlobName> kind in PackRules.Short(packs, repository.Parameters.MaxPackBytes))
        {
            List<BlobName> names = [.. kind];
            if (names.Count > 1
                || (await repository.Store.TryGetInfoAsync(names[0], cancellationToken) is { } blob && PackRules.IsMostlyDead(blob.LengthBytes, packs[names[0]])))
            {
                emptied.AddRange(names);
            }
        }

        emptied.Sort();
        return emptied;
    }

    private static Dictionary<BlobName, PackUse> UseOfPacks(IndexView view, long youngest, bool onlyMetadata)
    {
        Dictionary<BlobName, PackUse> packs = [];
        foreach (IndexEntry entry in view.Entries(prefix: null))
        {
            if (entry.IsDeleted || (onlyMetadata && !entry.Id.HasPrefix))
            {
                continue;
            }

            ref PackUse use = ref CollectionsMarshal.GetValueRefOrAddDefault(packs, entry.Pack, out _);
            use = new PackUse(use.LiveBytes + entry.PackedBytes, use.MovableCount + (entry.TimestampSeconds <= youngest ? 1 : 0));
        }

        return packs;
    }

    private static IEnumerable<HashSet<BlobName>> Batches(List<BlobName> names, Dictionary<BlobName, PackUse> packs)
    {
        HashSet<BlobName> batch = [];
        long contents = 0;
        foreach (BlobName name in names)
        {
            if (contents > 0 && contents + packs[name].MovableCount > MaxBatchContents)
            {
                yield return batch;
                batch = [];
                contents = 0;
            }

            batch.Add(name);
            contents += packs[name].MovableCount;
        }

        if (contents > 0)
        {
            yield return batch;
        }
    }

    private async Task MoveAsync(List<IndexEntry> entries, CancellationToken cancellationToken)
    {
        entries.Sort(static (left, right) => left.Pack.CompareTo(right.Pack) is var order && order != 0 ? order : left.PackOffset.CompareTo(right.PackOffset));
        await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = repository.Options.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Neighbours(entries), parallel, async (run, token) => await MoveNeighboursAsync(session.Contents, entries[run.Start..run.End], token));
        await session.Contents.FlushAsync([], cancellationToken);
    }

    /// <summary>Runs of entries that lie so close together in a pack that they are read at once.</summary>
    private static IEnumerable<(int Start, int End)> Neighbours(List<IndexEntry> entries)
    {
        int start = 0;
        for (int i = 1; i <= entries.Count; i++)
        {
            if (i == entries.Count || entries[i].Pack != entries[start].Pack
                || entries[i].PackOffset - EndOf(entries[i - 1]) > MaxGapBytes
                || EndOf(entries[i]) - entries[start].PackOffset > MaxReadBytes)
            {
                yield return (start, i);
                start = i;
            }
        }
    }

    private async Task MoveNeighboursAsync(ContentWriter writer, List<IndexEntry> entries, CancellationToken cancellationToken)
    {
        long start = entries[0].PackOffset;
        long end = entries.Max(EndOf);
        if (end - start > ContentReader.MaxContentBytes)
        {
            Note(entries, $"the contents of pack {entries[0].Pack} at byte {start} are longer than any can be");
            return;
        }

        using PooledBytes bytes = PooledBytes.Rent((int)(end - start));
        try
        {
            await using Stream stream = await repository.Store.OpenReadAsync(entries[0].Pack, new BlobRange(start, bytes.Length), cancellationToken);
            await stream.ReadExactlyAsync(bytes.Memory, cancellationToken);
        }
        catch (Exception gone) when (gone is BackupException { Kind: ErrorKind.NotFound or ErrorKind.Corrupt } or EndOfStreamException)
        {
            Note(entries, $"the pack {entries[0].Pack} cannot be read at byte {start}: {gone.Message}");
            return;
        }

        foreach (IndexEntry entry in entries)
        {
            await MoveAsync(writer, entry, bytes.Memory.Slice((int)(entry.PackOffset - start), (int)entry.PackedBytes), cancellationToken);
        }
    }

    private async Task MoveAsync(ContentWriter writer, IndexEntry entry, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        try
        {
            ContentReader.RequireSane(entry);
            using PooledBytes plain = repository.Contents.Decode(entry, stored.Span);
        }
        catch (RepositoryCorruptException damaged)
        {
            Note([entry], damaged.Message); // stays where it is; verification names what needs it
            return;
        }

        await writer.CopyAsync(entry, stored, cancellationToken);
        lock (_lock)
        {
            _movedCount++;
            _movedBytes += entry.PackedBytes;
        }
    }

    private void Note(List<IndexEntry> entries, string problem)
    {
        lock (_lock)
        {
            if (_problems.Count < MaintenanceTaskReport.MaxProblems)
            {
                _problems.Add($"{problem} ({entries.Count} contents stay where they are)");
            }
        }
    }

    private static long EndOf(IndexEntry entry) => entry.PackOffset + (long)entry.PackedBytes;
}
