namespace BackupFunctions.Engine.Restores;

/// <summary>Which data goes into a claim.</summary>
internal sealed record VolumeRestoreDetails
{
    /// <summary>Namespace in the backup: names the repository.</summary>
    public required string SourceNamespace { get; init; }

    /// <summary>Manifest id of the snapshot.</summary>
    public required string SnapshotId { get; init; }

    public long SizeBytes { get; init; }

    /// <summary>The pod that the data was taken through, and its name for the volume.</summary>
    public string? Pod { get; init; }

    public string? Volume { get; init; }

    /// <summary>What a newly provisioned volume gets back: the old one's reclaim policy and labels.</summary>
    public string? ReclaimPolicy { get; init; }

    public IReadOnlyDictionary<string, string>? PvLabels { get; init; }
}
