using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Backups;

/// <summary>The order in which types are collected, and which of two homes of the same objects is taken.</summary>
internal static class TypeOrder
{
    private static readonly string[] First = ["pods", "persistentvolumeclaims", "persistentvolumes"];

    // Objects that the API server shows in two groups; the first group that discovery names is taken.
    private static readonly HashSet<string> Cohabitating = ["deployments", "daemonsets", "replicasets", "networkpolicies", "events"];
    private static readonly HashSet<string> CohabitatingGroups = ["", "apps", "extensions", "networking.k8s.io", "events.k8s.io"];

    /// <summary>Backupable types in the order of collection, each kind of object once.</summary>
    public static IReadOnlyList<ApiResource> Sort(ApiDiscovery discovery)
    {
        HashSet<string> seen = [];
        List<ApiResource> types = [];
        foreach (ApiResource type in discovery.Preferred.Where(type => type.IsBackupable))
        {
            bool cohabitates = Cohabitating.Contains(type.Gvr.Resource) && CohabitatingGroups.Contains(type.Gvr.Group);
            if (!cohabitates || seen.Add(type.Gvr.Resource))
            {
                types.Add(type);
            }
        }

        return [.. types.OrderBy(type => Array.IndexOf(First, type.Gvr.GroupResource) is var place && place < 0 ? First.Length : place)];
    }
}
