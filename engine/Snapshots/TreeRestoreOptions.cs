namespace BackupFunctions.Engine.Snapshots;

/// <summary>How a tree is restored.</summary>
public sealed record TreeRestoreOptions
{
    /// <summary>Files and chunks restored at a time. At least 1.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>Whether files that are there already are replaced; else they are left alone and counted as skipped.</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary>Whether what is in the target and not in the snapshot is deleted, and a directory that stands in a file's way too.</summary>
    public bool DeleteExtra { get; init; }

    /// <summary>Whether all blocks of zeros become holes; else only the holes that were recorded.</summary>
    public bool ZerosAsHoles { get; init; }

    /// <summary>Whether the owner, permissions and time of the target itself are set to those of the snapshot's root.</summary>
    public bool RestoreRootAttributes { get; init; } = true;

    /// <summary>Whether to wait at the end until all is on the volume's storage.</summary>
    public bool Sync { get; init; } = true;

    /// <summary>All that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate() =>
        Parallelism is >= 1 and <= 1024 ? [] : [$"a parallelism of {Parallelism} is not within 1 to 1024"];
}
