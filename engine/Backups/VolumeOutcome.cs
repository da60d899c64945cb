namespace BackupFunctions.Engine.Backups;

/// <summary>What became of one claim's data.</summary>
internal sealed record VolumeOutcome
{
    public required string Namespace { get; init; }

    public required string Claim { get; init; }

    public string? ClaimUid { get; init; }

    /// <summary>The bound volume, or null when there is none.</summary>
    public string? Pv { get; init; }

    public string? ReclaimPolicy { get; init; }

    public IReadOnlyDictionary<string, string>? PvLabels { get; init; }

    /// <summary>Why no data was taken; null when it was.</summary>
    public string? SkippedReason { get; init; }

    /// <summary>The pod that Velero would find the data through; the claim's name when no pod mounts it.</summary>
    public string? Pod { get; init; }

    public string? PodUid { get; init; }

    public string? Node { get; init; }

    /// <summary>Name of the volume in the pod; the claim's name when no pod mounts it.</summary>
    public string? Volume { get; init; }

    /// <summary>Where the worker read the data.</summary>
    public string? Path { get; init; }

    /// <summary>Id of the snapshot's manifest in the repository of the namespace.</summary>
    public string? SnapshotId { get; init; }

    public long TotalBytes { get; init; }

    /// <summary>Bytes that this run added to the repository.</summary>
    public long IncrementalBytes { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Strategy that reached the data (<c>mount</c>).</summary>
    public string? Strategy { get; init; }
}
