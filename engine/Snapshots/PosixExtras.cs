using BackupFunctions.Engine.Files;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>What a file has that Kopia's entries cannot hold: the member <c>posix</c> of an entry.</summary>
public sealed record PosixExtras
{
    /// <summary>The name's bytes when they are not UTF-8 (<c>name</c>, base64); null when the entry's name says it all.</summary>
    public ReadOnlyMemory<byte>? RawName { get; init; }

    /// <summary>Entries of one snapshot with the same text are hard links to one file (<c>link</c>); null for files with one name.</summary>
    public string? LinkGroup { get; init; }

    /// <summary>Extended attributes, access control lists included (<c>xattrs</c>: name to base64).</summary>
    public IReadOnlyList<ExtendedAttribute> Attributes { get; init; } = [];

    /// <summary>Ranges without storage (<c>holes</c>: offset, length, offset, length, ...).</summary>
    public IReadOnlyList<FileRange> Holes { get; init; } = [];

    /// <summary>There were too many holes to list (<c>manyHoles</c>): blocks of zeros become holes.</summary>
    public bool HasManyHoles { get; init; }

    /// <summary>
    /// The file was changed at about the time it was read (<c>fresh</c>): another change within the clock's grain would show in neither
    /// time nor length, so the next backup has to read it again.
    /// </summary>
    public bool IsFresh { get; init; }

    /// <summary>Whether it says nothing, so that it is left out.</summary>
    public bool IsEmpty =>
        RawName is null && LinkGroup is null && Attributes.Count == 0 && Holes.Count == 0 && !HasManyHoles && !IsFresh;
}
