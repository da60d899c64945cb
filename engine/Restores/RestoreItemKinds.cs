namespace BackupFunctions.Engine.Restores;

/// <summary>The kinds of items in a restore's plan, one stage after the other, with a barrier between the stages.</summary>
internal static class RestoreItemKinds
{
    /// <summary>Stage 0: definitions, namespaces and storage classes; also sorts the tarball for the items that follow.</summary>
    public const string Prerequisites = "prerequisites";

    /// <summary>Stage 1: the claims of one namespace, and those volumes that come back as they were.</summary>
    public const string Claims = "claims";

    /// <summary>Stage 2: the data of one claim.</summary>
    public const string Volume = "volume";

    /// <summary>Stage 3: the other cluster-scoped objects.</summary>
    public const string Cluster = "cluster";

    /// <summary>Stage 4: everything else of one namespace.</summary>
    public const string Namespace = "namespace";

    /// <summary>Stage 5: what could refuse everything else: webhooks and API services.</summary>
    public const string Last = "last";
}
