using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Selection;

/// <summary>Whether one object that was listed, or that another object needs, goes into the backup.</summary>
public static class ItemInclusion
{
    /// <summary>The label that keeps an object out of every backup, when its value is exactly <c>true</c>.</summary>
    public const string ExcludeLabel = "velero.io/exclude-from-backup";

    /// <summary>Why the object is left out, or null when it is taken.</summary>
    /// <param name="value">The object as the cluster has it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="namespaces">The namespace filter.</param>
    /// <param name="types">The filter of types.</param>
    /// <param name="mustInclude">Whether whoever asked for it insists; only an object that is being deleted is left out then.</param>
    public static string? SkipReason(KubeObject value, ApiResource type, NamespaceFilter namespaces, ResourceFilter types, bool mustInclude)
    {
        string? filtered = mustInclude ? null : FilterReason(value, type, namespaces, types);
        return filtered ?? (value.NodeAt("metadata", "deletionTimestamp") is null ? null : "it is being deleted");
    }

    private static string? FilterReason(KubeObject value, ApiResource type, NamespaceFilter namespaces, ResourceFilter types)
    {
        if (value.Label(ExcludeLabel) == "true")
        {
            return $"it has the label {ExcludeLabel}=true";
        }

        if (value.Namespace is { } ns)
        {
            return !namespaces.Matches(ns) ? $"namespace {ns} is not included"
                : !types.AllowsNamespacedType(type) ? $"type {type.Gvr.GroupResource} is not included"
                : null;
        }

        return types.AllowsRelatedClusterType(type) ? null : $"type {type.Gvr.GroupResource} is excluded";
    }
}
