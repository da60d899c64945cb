using System.Text;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>A pipe or device node in a directory: an element of the member <c>special</c> of a directory object, which Kopia ignores.</summary>
public sealed record SpecialEntry
{
    /// <summary>The name as text; see <see cref="TryGetFileName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Fifo, CharacterDevice or BlockDevice (<c>p</c>, <c>c</c>, <c>b</c>).</summary>
    public required FileKind Kind { get; init; }

    /// <summary>The twelve low bits of the Unix mode.</summary>
    public uint Permissions { get; init; }

    /// <summary>Time of last change.</summary>
    public UnixNanos Modified { get; init; }

    /// <summary>Owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Group.</summary>
    public uint Gid { get; init; }

    /// <summary>Of a device node: the driver (<c>major</c>).</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Of a device node: which of the driver's devices (<c>minor</c>).</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>As in <see cref="DirectoryEntry.Posix"/>.</summary>
    public PosixExtras? Posix { get; init; }

    /// <summary>The name as bytes, when it may be the name of a file.</summary>
    public bool TryGetFileName(out FileName name) =>
        Posix?.RawName is { } raw ? FileName.TryCreate(raw.Span, out name) : FileName.TryCreate(Encoding.UTF8.GetBytes(Name), out name);
}
