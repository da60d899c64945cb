namespace BackupFunctions.Engine.Restores;

/// <summary>What became of the data of one claim.</summary>
internal sealed record VolumeRestoreOutcome
{
    /// <summary>Namespace in the cluster.</summary>
    public required string Namespace { get; init; }

    public required string Claim { get; init; }

    public string? Pv { get; init; }

    /// <summary>Whether the data is there, so that workloads may start on it.</summary>
    public required bool Restored { get; init; }

    /// <summary>Whether the claim existed before the restore; its data is then left alone and workloads may run.</summary>
    public bool LeftAlone { get; init; }

    public long Bytes { get; init; }
}
