using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Backups;

/// <summary>
/// What else belongs to the objects that are collected: the volume and the storage class of a claim, the priority class of a pod, the
/// cluster roles of a service account, the definition of a custom resource. Fed with each object; pure.
/// </summary>
internal sealed class RelatedObjects
{
    private readonly SortedSet<string> related = new(StringComparer.Ordinal);
    private readonly SortedSet<string> serviceAccounts = new(StringComparer.Ordinal);
    private readonly SortedSet<string> types = new(StringComparer.Ordinal);

    /// <summary>Cluster-scoped objects as <c>resource.group/name</c>, sorted.</summary>
    public IReadOnlyList<string> Related => [.. related];

    /// <summary>Service accounts as <c>namespace/name</c>, sorted.</summary>
    public IReadOnlyList<string> ServiceAccounts => [.. serviceAccounts];

    /// <summary>Types of which at least one object was collected, sorted.</summary>
    public IReadOnlyList<string> Types => [.. types];

    public void Add(string groupResource, KubeObject item)
    {
        types.Add(groupResource);
        switch (groupResource)
        {
            case "persistentvolumeclaims":
                Relate("persistentvolumes", item.TextAt("spec", "volumeName"));
                Relate("storageclasses.storage.k8s.io", item.TextAt("spec", "storageClassName"));
                break;
            case "pods":
                Relate("priorityclasses.scheduling.k8s.io", item.TextAt("spec", "priorityClassName"));
                break;
            case "serviceaccounts":
                serviceAccounts.Add($"{item.Namespace}/{item.Name}");
                break;
            default:
                break;
        }
    }

    /// <summary>The cluster role that a binding gives to one of the accounts, or null when the binding is none of theirs.</summary>
    public static string? RoleGivenTo(IReadOnlySet<string> serviceAccounts, KubeObject clusterRoleBinding)
    {
        bool theirs = (clusterRoleBinding.Root["subjects"] as JsonArray ?? []).OfType<JsonObject>().Any(subject =>
            subject["kind"]?.ToString() == "ServiceAccount" && serviceAccounts.Contains($"{subject["namespace"]}/{subject["name"]}"));
        return theirs ? clusterRoleBinding.TextAt("roleRef", "name") ?? "" : null;
    }

    /// <summary>
    /// Prepares a bound claim for its tarball as Velero does: a data source or selector that was used once would keep the restored
    /// claim from binding.
    /// </summary>
    public static void PrepareClaim(KubeObject claim, string backupName)
    {
        if (claim.TextAt("status", "phase") != "Bound" || claim.Spec is not { } spec || claim.TextAt("spec", "volumeName") is null)
        {
            return;
        }

        spec.Remove("dataSource");
        spec.Remove("dataSourceRef");
        if (claim.TextAt("spec", "storageClassName") is not "")
        {
            spec.Remove("selector");
        }

        if (claim.Metadata["labels"] is JsonObject labels)
        {
            labels.Remove(VeleroNames.RestoreNameLabel);
            labels.Remove("velero.io/volume-snapshot-name");
            labels.Remove("backup.velero.io/must-include-additional-items");
            if (claim.Label(VeleroNames.BackupNameLabel) is { } other && other != LabelValue.Of(backupName))
            {
                labels.Remove(VeleroNames.BackupNameLabel);
            }
        }
    }

    private void Relate(string groupResource, string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            related.Add($"{groupResource}/{name}");
        }
    }
}
