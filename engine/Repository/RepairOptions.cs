namespace BackupFunctions.Engine.Repository;

/// <summary>How a repository is repaired.</summary>
public sealed record RepairOptions
{
    /// <summary>Changes nothing and tells what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// Also takes contents from packs of sessions that may still be running (whose marker is younger than four days). Without it they
    /// are left alone: their writer publishes them itself.
    /// </summary>
    public bool IncludeRunningSessions { get; init; }

    /// <summary>Deletes damaged index blobs for good. Without it they are kept under another name, out of the way of all readers.</summary>
    public bool DeleteDamaged { get; init; }

    /// <summary>
    /// Gives up manifests that cannot be read, and the snapshots in them, for good: the contents that hold them are marked as deleted.
    /// Without it they stay, as do all data that they might need; Kopia cannot open such a repository.
    /// </summary>
    public bool ForgetDamagedManifests { get; init; }

    /// <summary>Packs whose end is read at a time. At least 1.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>Findings of each severity that are kept; more are only counted. At least 1.</summary>
    public int MaxFindings { get; init; } = 1000;

    /// <summary>Index entries that are held before they are published; about 100 bytes each.</summary>
    internal int PublishAtEntries { get; init; } = 500_000;
}
