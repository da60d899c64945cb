namespace BackupFunctions.Engine.Cluster;

/// <summary>The types of a cluster at one moment.</summary>
/// <param name="Preferred">
/// Each type once, in the version that the server prefers (or, when the preferred version of its group lacks it, the first that
/// has it), in server order with the group <c>extensions</c> last. Subresources are left out.
/// </param>
/// <param name="FailedGroups">Group versions whose discovery failed, with the reason; a broken aggregated API must not stop a backup.</param>
public sealed record ApiDiscovery(IReadOnlyList<ApiResource> Preferred, IReadOnlyList<(string GroupVersion, string Reason)> FailedGroups)
{
    /// <summary>
    /// Finds a type by <c>resource.group</c>, plural, singular, short name or kind (case-insensitive); the first in server order
    /// wins. Null when there is none.
    /// </summary>
    public ApiResource? Find(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string resource = dot < 0 ? name : name[..dot];
        string? group = dot < 0 ? null : name[(dot + 1)..];
        return Preferred.FirstOrDefault(candidate =>
            (group is null || string.Equals(candidate.Gvr.Group, group, StringComparison.OrdinalIgnoreCase))
            && (string.Equals(candidate.Gvr.Resource, resource, StringComparison.OrdinalIgnoreCase)
                || string.Equals(candidate.SingularName, resource, StringComparison.OrdinalIgnoreCase)
                || string.Equals(candidate.Kind, resource, StringComparison.OrdinalIgnoreCase)
                || candidate.ShortNames.Contains(resource, StringComparer.OrdinalIgnoreCase)));
    }

    /// <summary>The type with exactly this group and plural name, or null.</summary>
    public ApiResource? FindGroupResource(string groupResource) =>
        Preferred.FirstOrDefault(candidate => candidate.Gvr.GroupResource == groupResource);
}
