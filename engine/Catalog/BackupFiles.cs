namespace BackupFunctions.Engine.Catalog;

/// <summary>Everything that a finished backup consists of.</summary>
public sealed record BackupFiles
{
    /// <summary>The Backup object in its final phase.</summary>
    public required VeleroBackup Backup { get; init; }

    /// <summary>Opens the packed tarball; called once, the writer disposes it. See <see cref="JoinedParts.OfTarball"/>.</summary>
    public required Func<CancellationToken, Task<Stream>> OpenContents { get; init; }

    /// <summary>Opens the packed log; called once, the writer disposes it. See <see cref="JoinedParts.OfLog"/>.</summary>
    public required Func<CancellationToken, Task<Stream>> OpenLog { get; init; }

    public IReadOnlyList<PodVolumeBackup> PodVolumeBackups { get; init; } = [];

    public IReadOnlyList<BackupVolumeInfo> VolumeInfos { get; init; } = [];

    public ResultSet Results { get; init; } = new();

    /// <summary>Kind (<c>apps/v1/Deployment</c>) to names (<c>namespace/name</c> or <c>name</c>); written sorted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResourceList { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
