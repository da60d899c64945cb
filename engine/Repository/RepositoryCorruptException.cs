using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository;

/// <summary>Stored bytes of a repository are not what its format demands. The message names blob, offset, what was expected and what was found.</summary>
public sealed class RepositoryCorruptException(string blob, long? offsetBytes, string expected, string found, Exception? inner = null)
    : BackupException(
        ErrorKind.Corrupt,
        $"blob {blob}{(offsetBytes is { } offset ? $" at byte {offset}" : "")} is damaged: expected {expected}, found {found}",
        "Verify the repository; restore the blob from a replica if there is one, or take a new full backup.",
        inner)
{
    /// <summary>The blob, or what stands for one when none is known (a content's or object's id).</summary>
    public string Blob { get; } = blob;

    /// <summary>Where in the blob, if known.</summary>
    public long? OffsetBytes { get; } = offsetBytes;

    /// <summary>What the format demands.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was there; never stored content.</summary>
    public string Found { get; } = found;
}
