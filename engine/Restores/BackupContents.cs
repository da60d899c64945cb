using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores;

/// <summary>What a restore must know of a tarball as a whole before it starts; fed with each chosen object, holds names only.</summary>
internal sealed class BackupContents
{
    private static readonly HashSet<string> ControllerKinds =
        ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob"];

    private readonly SortedSet<string> namespaces = new(StringComparer.Ordinal);
    private readonly SortedSet<string> types = new(StringComparer.Ordinal);
    private readonly SortedSet<string> controllers = new(StringComparer.Ordinal);
    private readonly List<ClaimSeen> claims = [];
    private readonly Dictionary<string, VolumeSeen> volumes = [];

    /// <summary>Objects that were chosen.</summary>
    public long Count { get; private set; }

    /// <summary>Namespaces of chosen objects, sorted.</summary>
    public IReadOnlyCollection<string> Namespaces => namespaces;

    /// <summary>Types of chosen namespaced objects: the definitions of custom ones among them are needed.</summary>
    public IReadOnlyCollection<string> Types => types;

    /// <summary>Controllers as <c>Kind/namespace/name</c>.</summary>
    public IReadOnlyCollection<string> Controllers => controllers;

    public IReadOnlyList<ClaimSeen> Claims => claims;

    public IReadOnlyDictionary<string, VolumeSeen> Volumes => volumes;

    public void Add(ItemKey key, KubeObject item)
    {
        Count++;
        if (key.Namespace is { } ns)
        {
            namespaces.Add(ns);
            types.Add(key.GroupResource);
        }

        if (ControllerKinds.Contains(item.Kind))
        {
            controllers.Add($"{item.Kind}/{item.Namespace}/{item.Name}");
        }

        switch (key.GroupResource)
        {
            case "namespaces":
                namespaces.Add(key.Name);
                break;
            case "persistentvolumeclaims" when key.Namespace is not null:
                claims.Add(new ClaimSeen(key.Namespace, key.Name, item.TextAt("spec", "volumeName"), item.TextAt("spec", "storageClassName")));
                break;
            case "persistentvolumes":
                // A volume that a provisioner made names it; what somebody made by hand must come back as it was.
                volumes[key.Name] = new VolumeSeen(
                    item.Annotation("pv.kubernetes.io/provisioned-by") is not null,
                    item.TextAt("spec", "persistentVolumeReclaimPolicy") ?? "Retain",
                    item.Metadata["labels"] is JsonObject labels ? labels.ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "") : null);
                break;
            default:
                break;
        }
    }

    /// <summary>A claim of the backup, the volume it was bound to, and its storage class.</summary>
    internal sealed record ClaimSeen(string Namespace, string Name, string? Volume, string? StorageClass);

    /// <summary>A volume of the backup.</summary>
    internal sealed record VolumeSeen(bool IsProvisioned, string ReclaimPolicy, IReadOnlyDictionary<string, string>? Labels);
}
