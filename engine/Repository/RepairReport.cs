namespace BackupFunctions.Engine.Repository;

/// <summary>What a repair did or, in a dry run, would do.</summary>
public sealed record RepairReport
{
    /// <summary>Whether nothing was changed because only the plan was asked for.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The pack whose copy of the format blob was put back; null when the blob was fine.</summary>
    public string? FormatRecoveredFrom { get; init; }

    /// <summary>The marker that was put because index blobs of its epoch were there without it, or null.</summary>
    public string? EpochMarkerRestored { get; init; }

    /// <summary>Damaged index blobs that were set aside or deleted.</summary>
    public IReadOnlyList<string> DamagedIndexBlobs { get; init; } = [];

    /// <summary>Packs whose local index was read.</summary>
    public long PacksRead { get; init; }

    /// <summary>Packs left alone because their session may still be running.</summary>
    public long PacksOfRunningSessions { get; init; }

    /// <summary>Packs whose local index cannot be read: what only they know stays lost.</summary>
    public long PacksUnreadable { get; init; }

    /// <summary>Contents that no index named any more, or only in an older state.</summary>
    public long ContentsRecovered { get; init; }

    /// <summary>Contents whose pack is gone and of which another copy was found.</summary>
    public long ContentsRelocated { get; init; }

    /// <summary>Deletions that no index knew any more.</summary>
    public long DeletionsRecovered { get; init; }

    /// <summary>Contents with manifests that cannot be read, by name.</summary>
    public IReadOnlyList<string> DamagedManifests { get; init; } = [];

    /// <summary>Whether they were given up or, in a dry run, would be.</summary>
    public bool AreManifestsForgotten { get; init; }

    /// <summary>Index blobs put.</summary>
    public long IndexBlobsWritten { get; init; }

    /// <summary>What was met on the way.</summary>
    public IReadOnlyList<RepositoryFinding> Findings { get; init; } = [];

    /// <summary>Whether there was anything to repair that could be.</summary>
    public bool IsNeeded =>
        FormatRecoveredFrom is not null || EpochMarkerRestored is not null || AreManifestsForgotten || DamagedIndexBlobs.Count + ContentsRecovered + ContentsRelocated + DeletionsRecovered > 0;
}
