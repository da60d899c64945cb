namespace BackupFunctions.Engine.Backups;

/// <summary>The kinds of items in a backup's plan.</summary>
internal static class ItemKinds
{
    /// <summary>All objects of one namespace.</summary>
    public const string Namespace = "namespace";

    /// <summary>The data of one claim's volume.</summary>
    public const string Volume = "volume";

    /// <summary>The cluster-scoped objects; after the namespaces, which report what belongs to them.</summary>
    public const string Cluster = "cluster";
}
