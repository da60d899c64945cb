namespace BackupFunctions.Engine.Restores;

/// <summary>What an item of a restore leaves for later items and for finishing.</summary>
internal sealed record RestoredObjects
{
    /// <summary><c>apiVersion/Kind</c> to <c>namespace/name(action)</c>, as in Velero's resource list.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Resources { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Only of the prerequisites: where the objects of the other items lie.</summary>
    public SplitTarball? Split { get; init; }

    /// <summary>Only of a volume: what was written.</summary>
    public VolumeRestoreOutcome? Volume { get; init; }
}
