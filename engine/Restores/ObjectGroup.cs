using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Restores.Rules;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// How the objects of a tarball are sorted for the items of the plan: by who restores them and by type, so that an item reads one
/// type after the other, in its order, and never holds more than a few objects.
/// </summary>
internal static class ObjectGroup
{
    public const string Prerequisites = "prerequisites";
    public const string Volumes = "volumes";
    public const string ClusterPrefix = "cluster/";
    public const string LastPrefix = "last/";

    public static string Claims(string ns) => $"claims/{ns}";

    public static string NamespacePrefix(string ns) => $"namespace/{ns}/";

    public static string Of(ItemKey key) => key switch
    {
        _ when RestoreOrder.IsPrerequisite(key.GroupResource) => Prerequisites,
        { GroupResource: "persistentvolumes" } => Volumes,
        { GroupResource: "persistentvolumeclaims", Namespace: { } ns } => Claims(ns),
        _ when RestoreOrder.IsLast(key.GroupResource) => LastPrefix + key.GroupResource,
        { Namespace: { } ns } => NamespacePrefix(ns) + key.GroupResource,
        _ => ClusterPrefix + key.GroupResource,
    };
}
