using System.Buffers;
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
    private readonly Lock _lock = new(); // guards all fields below
    private readonly ArrayBufferWriter<byte> _entries = new(512);
    private readonly ArrayBufferWriter<byte> _specials = new(1);
    private readonly HashSet<DirectoryBuilder> _children = [];
    private readonly HashSet<PartialFile> _files = [];
    private readonly List<PathProblem> _errors = [];
    private DirectorySummary _summary = new() { DirectoryCount = 1 };
    private UnixNanos? _latest;
    private int? _finishedBytes; // of the entries, once what follows them is being added

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
        ReadOnlyMemory<byte> json;
        lock (_lock)
        {
            summary = Summarize(null);
            _finishedBytes = _entries.WrittenCount;
            json = Finish(_entries, summary); // the last use of the buffer, so it need not be copied
        }

        ObjectId id = await session.WriteObjectAsync(json, ObjectKind.Directory, cancellationToken);
        return directory with { ObjectId = id, Summary = summary };
    }

    /// <summary>Writes what there is of the directory so far, below it too, and returns an entry for it.</summary>
    public async Task<DirectoryEntry> WriteCheckpointAsync(WriteSession session, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> entries;
        DirectorySummary summary;
        DirectoryBuilder[] children;
        PartialFile[] files;
        lock (_lock)
        {
            ReadOnlySpan<byte> done = _entries.WrittenSpan[..(_finishedBytes ?? _entries.WrittenCount)];
            entries = new ArrayBufferWriter<byte>(done.Length + 1024);
            entries.Write(done);
            summary = Summarize(TreeSnapshot.Checkpoint);
            children = [.. _children];
            files = [.. _files];
        }

        foreach (DirectoryBuilder child in children)
        {
            DirectoryEntry entry = await child.WriteCheckpointAsync(session, cancellationToken);
            Append(entries, entry);
            summary = Sum(summary, entry);
        }

        foreach (PartialFile file in files)
        {
            if (await file.WriteCheckpointAsync(session, cancellationToken) is { } entry)
            {
                Append(entries, entry);
                summary = Sum(summary, entry);
            }
        }

        ObjectId id = await session.WriteObjectAsync(Finish(entries, summary), ObjectKind.Directory, cancellationToken);
        return directory with { ObjectId = id, Summary = summary };
    }

    private static void Append(ArrayBufferWriter<byte> entries, DirectoryEntry entry)
    {
        entries.Write(entries.WrittenCount == 0 ? "{\"stream\":\"kopia:directory\",\"entries\":["u8 : ","u8);
        EntryWriter.Write(entries, entry);
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

    /// <summary>Adds what follows the entries. The caller holds the lock or owns the buffer.</summary>
    private ReadOnlyMemory<byte> Finish(ArrayBufferWriter<byte> entries, DirectorySummary summary)
    {
        entries.Write(entries.WrittenCount == 0 ? "{\"stream\":\"kopia:directory\",\"entries\":null"u8 : "]"u8);
        entries.Write(",\"summary\":"u8);
        EntryWriter.Write(entries, summary);
        lock (_lock)
        {
            if (_specials.WrittenCount > 0)
            {
                entries.Write(_specials.WrittenSpan);
                entries.Write("]"u8);
            }
        }

        entries.Write("}\n"u8);
        return entries.WrittenMemory;
    }
}
