using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Selection;

namespace BackupFunctions.Engine.Backups;

/// <summary>What a backup takes: the filters of its spec, resolved against the cluster's types.</summary>
internal sealed class BackupSelection
{
    private readonly NamespaceFilter namespaces;
    private readonly ResourceFilter types;
    private readonly LabelFilter labels;

    private BackupSelection(NamespaceFilter namespaces, ResourceFilter types, LabelFilter labels, bool takesVolumes)
    {
        this.namespaces = namespaces;
        this.types = types;
        this.labels = labels;
        TakesVolumesByDefault = takesVolumes;
    }

    /// <summary>What the lists of the API are asked with, one list call each; null asks for all.</summary>
    public IReadOnlyList<string?> LabelQueries => labels.Queries;

    /// <summary>Whether volumes' data is taken unless a pod's annotation says otherwise.</summary>
    public bool TakesVolumesByDefault { get; }

    /// <summary>Names in the filters that the cluster has no type for.</summary>
    public IReadOnlyList<string> UnknownTypes => types.UnknownNames;

    /// <exception cref="BackupException">InvalidInput with everything that is wrong with the filters.</exception>
    public static BackupSelection Of(BackupSpec spec, BackupOptions options, ApiDiscovery discovery)
    {
        IReadOnlyList<string> problems = BackupSpecRules.Validate(spec);
        if (problems.Count > 0)
        {
            throw new BackupException(ErrorKind.InvalidInput, $"The backup's specification is not valid: {string.Join("; ", problems)}.", "Mend the filters and ask again.");
        }

        bool takesVolumes = spec.DefaultVolumesToRestic == true || (spec.DefaultVolumesToFsBackup ?? options.DefaultVolumesToFsBackup);
        return new BackupSelection(BackupSpecRules.NamespacesOf(spec), new ResourceFilter(BackupSpecRules.TypesOf(spec), discovery), BackupSpecRules.LabelsOf(spec), takesVolumes);
    }

    /// <summary>Chooses among the existing namespaces; those labelled to stay out of backups are never chosen.</summary>
    public NamespaceChoice ChooseNamespaces(IReadOnlyList<string> existing, IReadOnlyCollection<string> labelledOut)
    {
        List<string> chosen = [.. existing.Where(ns => namespaces.Matches(ns) && !labelledOut.Contains(ns)).Order(StringComparer.Ordinal)];
        bool everything = labelledOut.Count == 0 && namespaces.IncludesEverything(existing);
        return new NamespaceChoice(chosen, [.. namespaces.MissingNames(existing).Order(StringComparer.Ordinal)], everything);
    }

    /// <summary>Whether objects of a namespaced type are listed.</summary>
    public bool TakesNamespaced(ApiResource type) => types.Collects(type, allNamespaces: false);

    /// <summary>Whether every object of a cluster-scoped type is listed, not only those that belong to a namespace.</summary>
    public bool TakesAllOfClusterType(ApiResource type, bool allNamespaces) => types.Collects(type, allNamespaces);

    /// <summary>Whether an object of a cluster-scoped type may come along because something collected needs it.</summary>
    public bool TakesRelated(ApiResource type) => types.AllowsRelatedClusterType(type);

    /// <summary>Whether an object stays out of every backup: it is labelled so, or it is being deleted.</summary>
    public static bool IsLeftOut(KubeObject item) =>
        item.Label(VeleroNames.ExcludeFromBackupLabel) == "true" || item.Metadata["deletionTimestamp"] is not null;
}
