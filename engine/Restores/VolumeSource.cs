namespace BackupFunctions.Engine.Restores;

/// <summary>The data of one claim in a backup.</summary>
internal sealed record VolumeSource
{
    public required string Namespace { get; init; }

    public required string Claim { get; init; }

    /// <summary>Manifest id in the repository of the namespace.</summary>
    public required string SnapshotId { get; init; }

    public long SizeBytes { get; init; }

    public string? Pod { get; init; }

    public string? Volume { get; init; }

    public string? ReclaimPolicy { get; init; }

    public IReadOnlyDictionary<string, string>? PvLabels { get; init; }
}
