using System.Text;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>One entry of a directory object, or the root of a snapshot.</summary>
public sealed record DirectoryEntry
{
    /// <summary>The name as text. What other programs wrote need not be a usable file name; <see cref="TryGetFileName"/> decides.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>The twelve low bits of the Unix mode.</summary>
    public uint Permissions { get; init; }

    /// <summary>Length of a file or of a link's target; 0 for directories.</summary>
    public long LengthBytes { get; init; }

    /// <summary>Time of last change.</summary>
    public UnixNanos Modified { get; init; }

    /// <summary>Owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Group.</summary>
    public uint Gid { get; init; }

    /// <summary>The file's bytes, the link's target, or the directory object.</summary>
    public ObjectId ObjectId { get; init; }

    /// <summary>Of a directory: what is below it.</summary>
    public DirectorySummary? Summary { get; init; }

    /// <summary>What Kopia's members cannot hold; null when there is nothing of the kind.</summary>
    public PosixExtras? Posix { get; init; }

    /// <summary>
    /// Whether Kopia may have written the entry with another length than that of the bytes it kept: half a file in a checkpoint, which
    /// tells the length of the whole, and a snapshot of one file (the only file with a summary), which tells that from before it was read.
    /// </summary>
    internal bool MayTellAnotherLength => Kind == EntryKind.File && (Summary is not null || Name.StartsWith(".checkpointed.", StringComparison.Ordinal));

    /// <summary>The name as bytes, when it may be the name of a file.</summary>
    public bool TryGetFileName(out FileName name) =>
        Posix?.RawName is { } raw ? FileName.TryCreate(raw.Span, out name) : FileName.TryCreate(Encoding.UTF8.GetBytes(Name), out name);
}
