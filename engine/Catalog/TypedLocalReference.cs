namespace BackupFunctions.Engine.Catalog;

/// <summary>A reference to an object in the same namespace: a resource policy or modifier ConfigMap.</summary>
public sealed record TypedLocalReference
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }
}
