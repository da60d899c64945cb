namespace BackupFunctions.Engine.Backups;

/// <summary>What a namespace item or the cluster item leaves for the cluster item and for finishing.</summary>
internal sealed record CollectedObjects
{
    /// <summary>Blob with the tar members, a gzip member of its own.</summary>
    public required string Part { get; init; }

    /// <summary>What is in it: <c>apiVersion/Kind</c> to names (<c>namespace/name</c>, or <c>name</c> for cluster scope).</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Resources { get; init; }

    /// <summary>Cluster-scoped objects that belong to what was collected, as <c>resource.group/name</c>, sorted.</summary>
    public IReadOnlyList<string> Related { get; init; } = [];

    /// <summary>Service accounts that were collected, as <c>namespace/name</c>: their cluster roles belong to them.</summary>
    public IReadOnlyList<string> ServiceAccounts { get; init; } = [];

    /// <summary>Types, as <c>resource.group</c>, of which at least one object was collected: their definitions belong to them.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];
}
