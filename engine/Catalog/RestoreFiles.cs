namespace BackupFunctions.Engine.Catalog;

/// <summary>Everything that a finished restore leaves in the bucket.</summary>
public sealed record RestoreFiles
{
    /// <summary>The Restore object in its final phase.</summary>
    public required VeleroRestore Restore { get; init; }

    /// <summary>Opens the packed log; called once, the writer disposes it. See <see cref="JoinedParts.OfLog"/>.</summary>
    public required Func<CancellationToken, Task<Stream>> OpenLog { get; init; }

    public IReadOnlyList<RestoreVolumeInfo> VolumeInfos { get; init; } = [];

    public ResultSet Results { get; init; } = new();

    /// <summary>Kind to names with what happened (<c>namespace/name(created)</c>); written sorted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResourceList { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
