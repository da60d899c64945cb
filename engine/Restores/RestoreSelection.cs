using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Restores.Rules;
using BackupFunctions.Engine.Selection;

namespace BackupFunctions.Engine.Restores;

/// <summary>Which objects of a backup a restore brings back.</summary>
internal sealed class RestoreSelection
{
    private readonly NamespaceFilter namespaces;
    private readonly IReadOnlyList<string> includedTypes;
    private readonly IReadOnlyList<string> excludedTypes;
    private readonly bool? clusterResources;
    private readonly LabelFilter labels;

    private RestoreSelection(NamespaceFilter namespaces, IReadOnlyList<string> includedTypes, IReadOnlyList<string> excludedTypes, bool? clusterResources, LabelFilter labels)
    {
        this.namespaces = namespaces;
        this.includedTypes = includedTypes;
        this.excludedTypes = excludedTypes;
        this.clusterResources = clusterResources;
        this.labels = labels;
    }

    /// <param name="spec">The restore's specification.</param>
    /// <param name="discovery">Resolves plural, singular and short names of types; a name it does not know is matched as it stands.</param>
    /// <exception cref="BackupException">InvalidInput with everything that is wrong.</exception>
    public static RestoreSelection Of(RestoreSpec spec, ApiDiscovery discovery)
    {
        NamespaceFilter namespaces = new(spec.IncludedNamespaces ?? [], spec.ExcludedNamespaces ?? []);
        LabelFilter labels = new(spec.LabelSelector is null ? null : Convert(spec.LabelSelector), [.. (spec.OrLabelSelectors ?? []).Select(Convert)]);
        ResourceFilterSpec types = new() { IncludedResources = spec.IncludedResources ?? [], ExcludedResources = spec.ExcludedResources ?? [] };
        List<string> problems = [.. namespaces.Validate(), .. types.Validate(), .. labels.Validate()];
        List<string> included = [.. (spec.IncludedResources ?? []).Select(name => Resolve(name, discovery))];
        problems.AddRange(included.Where(RestoreOrder.NeverRestored.Contains).Select(name => $"{name} are non-restorable resources"));
        if (spec.ExistingResourcePolicy is not (null or "" or "none" or "update"))
        {
            problems.Add($"existingResourcePolicy is '{spec.ExistingResourcePolicy}'; it may be 'none' or 'update'");
        }

        if (problems.Count > 0)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"The restore's specification is not valid: {string.Join("; ", problems)}.", "Mend it and ask again.");
        }

        return new RestoreSelection(namespaces, included, [.. (spec.ExcludedResources ?? []).Select(name => Resolve(name, discovery))], spec.IncludeClusterResources, labels);
    }

    /// <summary>Whether objects of this key may come back, before their labels are looked at.</summary>
    public bool Takes(ItemKey key)
    {
        if (!TakesType(key.GroupResource))
        {
            return false;
        }

        if (key.Namespace is { } ns)
        {
            return namespaces.Matches(ns);
        }

        if (key.GroupResource == "namespaces")
        {
            return namespaces.Matches(key.Name);
        }

        return clusterResources ?? namespaces.IsUnfiltered || IsNeeded(key);
    }

    /// <summary>Whether a type may come back at all.</summary>
    public bool TakesType(string groupResource) =>
        !RestoreOrder.NeverRestored.Contains(groupResource)
        && !excludedTypes.Contains(groupResource)
        && (includedTypes is [] or ["*"] || includedTypes.Contains(groupResource));

    public bool TakesLabels(KubeObject item) => labels.Matches(item);

    // A chosen namespace's objects need them; whether one really does is decided when the objects are known.
    private bool IsNeeded(ItemKey key) =>
        clusterResources is null && key.GroupResource is "persistentvolumes" or "customresourcedefinitions.apiextensions.k8s.io" or "storageclasses.storage.k8s.io";

    private static string Resolve(string name, ApiDiscovery discovery) =>
        discovery.Find(name)?.Gvr.GroupResource ?? name;

    private static Cluster.LabelSelector Convert(Catalog.LabelSelector selector) =>
        Cluster.LabelSelector.FromJson(JsonSerializer.SerializeToNode(selector, CatalogJsonContext.Default.LabelSelector) as JsonObject);
}
