using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>What is below a directory, as Kopia counts it.</summary>
public sealed record DirectorySummary
{
    /// <summary>Most errors that are kept by name.</summary>
    public const int MaxErrors = 10;

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes { get; init; }

    /// <summary>Files.</summary>
    public long FileCount { get; init; }

    /// <summary>Symbolic links.</summary>
    public long SymlinkCount { get; init; }

    /// <summary>Directories, this one included.</summary>
    public long DirectoryCount { get; init; }

    /// <summary>The latest time of change of anything in it; of an empty directory, its own.</summary>
    public UnixNanos LatestModified { get; init; }

    /// <summary>Null when all of it is there; else why not.</summary>
    public string? IncompleteReason { get; init; }

    /// <summary>Entries that are missing because they could not be read.</summary>
    public int FailedCount { get; init; }

    /// <summary>Entries that are missing although a policy said that this does not matter.</summary>
    public int IgnoredErrorCount { get; init; }

    /// <summary>The first of the errors, by path.</summary>
    public IReadOnlyList<PathProblem> Errors { get; init; } = [];
}
