namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>
/// The order of types within a restore. Definitions, namespaces and storage classes come in a stage of their own before it, claims
/// and their volumes in another, webhooks and API services (which could refuse everything else) after it.
/// </summary>
internal static class RestoreOrder
{
    private static readonly string[] High =
    [
        "volumesnapshotclasses.snapshot.storage.k8s.io", "volumesnapshotcontents.snapshot.storage.k8s.io", "volumesnapshots.snapshot.storage.k8s.io",
        "clusterroles.rbac.authorization.k8s.io", "roles.rbac.authorization.k8s.io", "serviceaccounts",
        "clusterrolebindings.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io", "secrets", "configmaps", "limitranges",
        "priorityclasses.scheduling.k8s.io", "pods", "replicasets.apps", "clusterclasses.cluster.x-k8s.io", "endpoints", "services",
    ];

    private static readonly string[] Low =
    [
        "clusterbootstraps.run.tanzu.vmware.com", "clusters.cluster.x-k8s.io", "clusterresourcesets.addons.cluster.x-k8s.io",
        "apps.kappctrl.k14s.io", "packageinstalls.packaging.carvel.dev",
    ];

    /// <summary>Types that no restore brings back: they describe the machine room, the moment, or the backup system itself.</summary>
    public static readonly IReadOnlySet<string> NeverRestored = new HashSet<string>
    {
        "nodes", "events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io", "resticrepositories.velero.io",
        "csinodes.storage.k8s.io", "volumeattachments.storage.k8s.io", "backuprepositories.velero.io",
    };

    public static bool IsPrerequisite(string groupResource) => groupResource is
        "customresourcedefinitions.apiextensions.k8s.io" or "namespaces" or "storageclasses.storage.k8s.io";

    public static bool IsClaimOrVolume(string groupResource) => groupResource is "persistentvolumes" or "persistentvolumeclaims";

    public static bool IsLast(string groupResource) => groupResource is
        "mutatingwebhookconfigurations.admissionregistration.k8s.io" or "validatingwebhookconfigurations.admissionregistration.k8s.io"
        or "apiservices.apiregistration.k8s.io";

    /// <summary>Sorts types: the high list, then the others by name, then the low list.</summary>
    public static int Compare(string left, string right)
    {
        int byRank = Rank(left).CompareTo(Rank(right));
        return byRank != 0 ? byRank : string.CompareOrdinal(left, right);
    }

    private static int Rank(string groupResource)
    {
        int high = Array.IndexOf(High, groupResource);
        if (high >= 0)
        {
            return high;
        }

        int low = Array.IndexOf(Low, groupResource);
        return low < 0 ? High.Length : High.Length + 1 + low;
    }
}
