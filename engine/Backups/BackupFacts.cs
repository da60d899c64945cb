using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Backups;

/// <summary>What planning found out once, so that every item decides alike.</summary>
internal sealed record BackupFacts
{
    /// <summary>The chosen namespaces, sorted.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>Whether the namespace filter leaves nothing out.</summary>
    public required bool AllNamespaces { get; init; }

    /// <summary>The cluster for people.</summary>
    public required string Cluster { get; init; }

    /// <summary>Errors of planning that did not stop it.</summary>
    public IReadOnlyList<ItemFailure> Errors { get; init; } = [];

    /// <summary>Warnings of planning.</summary>
    public IReadOnlyList<ItemFailure> Warnings { get; init; } = [];
}
