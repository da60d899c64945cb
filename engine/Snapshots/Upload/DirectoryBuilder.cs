using System.Buffers;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>
/// One directory while it is uploaded: the JSON of the entries that are done, their sums, and what is being worked on, so that a
/// checkpoint can save all of it at any time. Safe for concurrent use.
/// </summary>
internal sealed class DirectoryBuilder(DirectoryEntry directory)
{
    private const int StartBytes = 64;
    private const int EndBytes = 512;

    private readonly Lock _lock = new(); // guards all fields below
    private readonly BlockWriter _entries = new();
    private readonly ArrayBufferWriter<byte> _specials = new(1);
    private readonly HashSet<DirectoryBuilder> _children = [];
    private readonly HashSet<PartialFile> _files = [];
    private readonly List<PathProblem> _errors = [];
    private DirectorySummary _summary = new() { DirectoryCount = 1 };
    private UnixNanos? _latest;

    /// <summary>The directory's own entry, still without object and summary.</summary>
    public DirectoryEntry Directory => directory;

    public void Add(DirectoryEntry entry)
    {
        lock (_lock)
        {
            Append(_entries, entry);
            _summary = Sum(_summary, entry);
            Reach(entry.Modified);
            if (entry.Summary is { } below)
            {
                Reach(below.LatestModified);
                _errors.AddRange(below.Errors);
            }
        }
    }

    /// <summary>Takes files and links; the run stays the caller's.</summary>
    public void Add(EntryRun run)
    {
        if (run.Json.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            Separate(_entries);
            _entries.Write(run.Json);
            _summary = _summary with
            {
                FileCount = _summary.FileCount + run.FileCount,
                SymlinkCount = _summary.SymlinkCount + run.SymlinkCount,
                TotalBytes = _summary.TotalBytes + run.TotalBytes,
            };
            Reach(run.Latest ?? directory.Modified);
        }
    }

    public void Add(SpecialEntry entry)
    {
        lock (_lock)
        {
            _specials.Write(_specials.WrittenCount == 0 ? ",\"special\":["u8 : ","u8);
            EntryWriter.Write(_specials, entry);
        }
    }

    /// <summary>Notes an entry that could not be read.</summary>
    public void Add(PathProblem failure)
    {
        lock (_lock)
        {
            _summary = _summary with { FailedCount = _summary.FailedCount + 1 };
            _errors.Add(failure);
        }
    }

    public void Begin(DirectoryBuilder child)
    {
        lock (_lock)
        {
            _children.Add(child);
        }
    }

    /// <summary>Takes a directory that is done (null: it could not be read) in place of one that was begun.</summary>
    public void End(DirectoryBuilder child, DirectoryEntry? done)
    {
        lock (_lock)
        {
            _children.Remove(child);
            if (done is not null)
            {
                Add(done);
            }
        }
    }

    public void Begin(PartialFile file)
    {
        lock (_lock)
        {
            _files.Add(file);
        }
    }

    public void End(PartialFile file)
    {
        lock (_lock)
        {
            _files.Remove(file);
        }
    }

    /// <summary>Writes the finished directory and returns its entry.</summary>
    public async Task<DirectoryEntry> WriteAsync(WriteSession session, CancellationToken cancellationToken)
    {
        DirectorySummary summary;
        IReadOnlyList<ReadOnlyMemory<byte>> entries;
        lock (_lock)
        {
            summary = Summarize(null);
            entries = _entries.Blocks;
        }

        ObjectId id = await WriteAsync(session, entries, null, summary, cancellationToken);
        return directory with { ObjectId = id, Summary = summary };
    }

    /// <summary>Writes what there is of the directory so far, below it too, and returns an entry for it.</summary>
    public async Task<DirectoryEntry> WriteCheckpointAsync(WriteSession session, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> entries;
        DirectorySummary summary;
        DirectoryBuilder[] children;
        PartialFile[] files;
        lock (_lock)
        {
            entries = _entries.Blocks; // what is added later goes behind them
            summary = Summarize(TreeSnapshot.Checkpoint);
            children = [.. _children];
            files = [.. _files];
        }

        BlockWriter unfinished = new();
        foreach (DirectoryBuilder child in children)
        {
            DirectoryEntry entry = await child.WriteCheckpointAsync(session, cancellationToken);
            Append(unfinished, entry);
            summary = Sum(summary, entry);
        }

        foreach (PartialFile file in files)
        {
            if (await file.WriteCheckpointAsync(session, cancellationToken) is { } entry)
            {
                Append(unfinished, entry);
                summary = Sum(summary, entry);
            }
        }

        ObjectId id = await WriteAsync(session, entries, unfinished, summary, cancellationToken);
        return directory with { ObjectId = id, Summary = summary };
    }

    private static void Append(BlockWriter entries, DirectoryEntry entry)
    {
        Separate(entries);
        EntryWriter.Write(entries, entry);
    }

    private static void Separate(BlockWriter entries)
    {
        if (entries.Length > 0)
        {
            entries.Write(","u8);
        }
    }

    private static DirectorySummary Sum(DirectorySummary sum, DirectoryEntry entry) => entry switch
    {
        { Kind: EntryKind.File } => sum with { FileCount = sum.FileCount + 1, TotalBytes = sum.TotalBytes + entry.LengthBytes },
        { Kind: EntryKind.Symlink } => sum with { SymlinkCount = sum.SymlinkCount + 1 },
        { Summary: { } below } => sum with
        {
            TotalBytes = sum.TotalBytes + below.TotalBytes,
            FileCount = sum.FileCount + below.FileCount,
            SymlinkCount = sum.SymlinkCount + below.SymlinkCount,
            DirectoryCount = sum.DirectoryCount + below.DirectoryCount,
            FailedCount = sum.FailedCount + below.FailedCount,
            IgnoredErrorCount = sum.IgnoredErrorCount + below.IgnoredErrorCount,
        },
        _ => sum,
    };

    private void Reach(UnixNanos time) => _latest = _latest is { } latest && latest >= time ? latest : time;

    private DirectorySummary Summarize(string? incompleteReason) => _summary with
    {
        LatestModified = _latest ?? directory.Modified,
        IncompleteReason = incompleteReason,
        Errors = [.. _errors.OrderBy(error => error.Path, StringComparer.Ordinal).Take(DirectorySummary.MaxErrors)],
    };

    /// <summary>Writes the directory's object from the JSON of its entries.</summary>
    private async Task<ObjectId> WriteAsync(
        WriteSession session, IReadOnlyList<ReadOnlyMemory<byte>> finished, BlockWriter? unfinished, DirectorySummary summary, CancellationToken cancellationToken)
    {
        List<ReadOnlyMemory<byte>> entries = [.. finished];
        if (unfinished is { Length: > 0 })
        {
            entries.AddRange([.. finished.Any(static block => !block.IsEmpty) ? [","u8.ToArray()] : Array.Empty<ReadOnlyMemory<byte>>(), .. unfinished.Blocks]);
        }

        long entryBytes = entries.Sum(static block => (long)block.Length);
        using PooledWriter start = new(StartBytes), end = new(EndBytes);
        start.Write(entryBytes == 0 ? "{\"stream\":\"kopia:directory\",\"entries\":null"u8 : "{\"stream\":\"kopia:directory\",\"entries\":["u8);
        end.Write(entryBytes == 0 ? ",\"summary\":"u8 : "],\"summary\":"u8);
        EntryWriter.Write(end, summary);
        lock (_lock)
        {
            if (_specials.WrittenCount > 0)
            {
                end.Write(_specials.WrittenSpan);
                end.Write("]"u8);
            }
        }

        end.Write("}\n"u8);
        await using ObjectWriter writer = session.CreateObjectWriter(ObjectKind.Directory, start.Length + entryBytes + end.Length);
        await writer.WriteAsync(start.WrittenMemory, cancellationToken);
        foreach (ReadOnlyMemory<byte> block in entries)
        {
            await writer.WriteAsync(block, cancellationToken);
        }

        await writer.WriteAsync(end.WrittenMemory, cancellationToken);
        return await writer.FinishAsync(cancellationToken);
    }
}
