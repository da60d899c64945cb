namespace BackupFunctions.Engine.Catalog;

/// <summary>Which item of a tarball: its type as <c>resource.group</c>, its namespace (null for cluster scope) and its name.</summary>
public readonly record struct ItemKey(string GroupResource, string? Namespace, string Name)
{
    public override string ToString() => Namespace is null ? $"{GroupResource}/{Name}" : $"{GroupResource}/{Namespace}/{Name}";
}
