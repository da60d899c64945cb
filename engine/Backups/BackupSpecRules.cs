using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Selection;

namespace BackupFunctions.Engine.Backups;

/// <summary>What can be said of a backup's spec without a cluster: its filters, and what is wrong with them.</summary>
public static class BackupSpecRules
{
    /// <summary>All problems, for people; empty when the spec is sound. Whether namespaces and types exist is not looked at.</summary>
    public static IReadOnlyList<string> Validate(BackupSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        List<string> problems = [.. NamespacesOf(spec).Validate(), .. TypesOf(spec).Validate(), .. LabelsOf(spec).Validate()];
        if (spec.Ttl < TimeSpan.Zero)
        {
            problems.Add("the time to live is negative");
        }

        return problems;
    }

    internal static NamespaceFilter NamespacesOf(BackupSpec spec) => new(spec.IncludedNamespaces ?? [], spec.ExcludedNamespaces ?? []);

    internal static ResourceFilterSpec TypesOf(BackupSpec spec) => new()
    {
        IncludedResources = spec.IncludedResources ?? [],
        ExcludedResources = spec.ExcludedResources ?? [],
        IncludeClusterResources = spec.IncludeClusterResources,
        IncludedClusterScoped = spec.IncludedClusterScopedResources ?? [],
        ExcludedClusterScoped = spec.ExcludedClusterScopedResources ?? [],
        IncludedNamespaceScoped = spec.IncludedNamespaceScopedResources ?? [],
        ExcludedNamespaceScoped = spec.ExcludedNamespaceScopedResources ?? [],
    };

    internal static LabelFilter LabelsOf(BackupSpec spec) =>
        new(spec.LabelSelector is null ? null : Convert(spec.LabelSelector), [.. (spec.OrLabelSelectors ?? []).Select(Convert)]);

    private static Cluster.LabelSelector Convert(Catalog.LabelSelector selector) =>
        Cluster.LabelSelector.FromJson(JsonSerializer.SerializeToNode(selector, CatalogJsonContext.Default.LabelSelector) as JsonObject);
}
