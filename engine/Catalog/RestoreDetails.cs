namespace BackupFunctions.Engine.Catalog;

/// <summary>Everything that a description of a restore tells; see <see cref="RestoreCatalog.ReadDetailsAsync"/>.</summary>
public sealed record RestoreDetails
{
    public required VeleroRestore Restore { get; init; }

    public ResultSet Results { get; init; } = new();

    public IReadOnlyList<RestoreVolumeInfo> VolumeInfos { get; init; } = [];

    public IReadOnlyList<ItemOperation> ItemOperations { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResourceList { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
