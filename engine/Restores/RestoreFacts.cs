using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Restores;

/// <summary>What planning read out of the backup, so that every item decides alike.</summary>
internal sealed record RestoreFacts
{
    /// <summary>The backup that is restored.</summary>
    public required string Backup { get; init; }

    /// <summary>Volumes that are not restored as objects: their claims get new ones.</summary>
    public IReadOnlyList<string> ProvisionedAnew { get; init; } = [];

    /// <summary>Controllers in the backup, as <c>Kind/namespace/name</c>.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    /// <summary>Types of the chosen namespaced objects, as <c>resource.group</c>: the definitions of custom ones are needed.</summary>
    public IReadOnlyList<string> CustomTypes { get; init; } = [];

    /// <summary>Storage classes of the chosen claims: they are needed to provision their volumes.</summary>
    public IReadOnlyList<string> StorageClasses { get; init; } = [];

    /// <summary>Namespaces (of the backup) that objects are restored into.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Warnings of planning.</summary>
    public IReadOnlyList<ItemFailure> Warnings { get; init; } = [];
}
