namespace BackupFunctions.Engine.Catalog;

/// <summary>Everything that a description of a backup tells; see <see cref="BackupCatalog.ReadDetailsAsync"/>.</summary>
public sealed record BackupDetails
{
    public required VeleroBackup Backup { get; init; }

    public ResultSet Results { get; init; } = new();

    public IReadOnlyList<PodVolumeBackup> PodVolumeBackups { get; init; } = [];

    public IReadOnlyList<BackupVolumeInfo> VolumeInfos { get; init; } = [];

    public IReadOnlyList<NativeVolumeSnapshot> VolumeSnapshots { get; init; } = [];

    public IReadOnlyList<ItemOperation> ItemOperations { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResourceList { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
