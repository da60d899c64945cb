using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Cli.Demo;

/// <summary>All of a cluster in a folder at one moment: its objects, and the trees of its claims' volumes.</summary>
internal sealed class ClusterState
{
    // Kubernetes itself puts it into every namespace, so a restore leaves that to the cluster; a folder has no controller that would.
    private const string PublishedAuthority = "kube-root-ca.crt";

    private readonly SortedDictionary<string, string> objects = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedDictionary<string, string>> volumes = new(StringComparer.Ordinal);

    public int ObjectCount => objects.Count;

    public int FileCount => volumes.Values.Sum(tree => tree.Count);

    public int VolumeCount => volumes.Count;

    public static async Task<ClusterState> ReadAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        ClusterState state = new();
        ICluster cluster = ClusterFactory.OpenFolder(folder, time);
        ApiDiscovery discovery = await cluster.DiscoverAsync(cancellationToken);
        foreach (ApiResource resource in discovery.Preferred.Where(resource => resource.IsBackupable))
        {
            await foreach (KubeObject value in cluster.ListAsync(resource, null, null, cancellationToken))
            {
                if (value is not { Kind: "ConfigMap", Name: PublishedAuthority })
                {
                    state.objects[KeyOf(resource, value)] = ObjectForm.Of(value);
                }

                if (value.Kind == "PersistentVolume" && ClaimOf(value) is { } claim)
                {
                    state.volumes[claim] = TreeState.Read(FolderOf(folder, value), cancellationToken);
                }
            }
        }

        return state;
    }

    /// <summary>What is not as it was; empty when all is. Each line names the object or file.</summary>
    public IReadOnlyList<string> DifferencesTo(ClusterState later)
    {
        List<string> differences = [];
        Compare(objects, later.objects, "", differences);
        foreach (string claim in volumes.Keys.Union(later.volumes.Keys).Order(StringComparer.Ordinal))
        {
            Compare(volumes.GetValueOrDefault(claim) ?? [], later.volumes.GetValueOrDefault(claim) ?? [], $"volume {claim}: ", differences);
        }

        return differences;
    }

    /// <summary>The folder that holds the data of a claim.</summary>
    public static async Task<string> FolderOfClaimAsync(string folder, string claim, TimeProvider time, CancellationToken cancellationToken)
    {
        ICluster cluster = ClusterFactory.OpenFolder(folder, time);
        ApiResource type = (await cluster.DiscoverAsync(cancellationToken)).FindGroupResource("persistentvolumes")!; // a type of every cluster
        await foreach (KubeObject volume in cluster.ListAsync(type, null, null, cancellationToken))
        {
            if (ClaimOf(volume) == claim)
            {
                return FolderOf(folder, volume);
            }
        }

        throw new InvalidOperationException($"The sample cluster has no volume for {claim}.");
    }

    private static void Compare(SortedDictionary<string, string> before, SortedDictionary<string, string> after, string prefix, List<string> differences)
    {
        foreach (string key in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            bool was = before.TryGetValue(key, out string? old);
            bool isThere = after.TryGetValue(key, out string? current);
            if (!isThere)
            {
                differences.Add($"{prefix}{key} is missing");
            }
            else if (!was)
            {
                differences.Add($"{prefix}{key} was not there before");
            }
            else if (old != current)
            {
                differences.Add($"{prefix}{key} differs:\n     was {old}\n     is  {current}");
            }
        }
    }

    private static string KeyOf(ApiResource resource, KubeObject value) =>
        value.Kind == "PersistentVolume" && ClaimOf(value) is { } claim
            ? $"persistentvolumes of claim {claim}"
            : $"{resource.Gvr.GroupResource} {(value.Namespace is { } ns ? ns + "/" : "")}{value.Name}";

    private static string? ClaimOf(KubeObject volume) =>
        volume.TextAt("spec", "claimRef", "name") is { } name ? $"{volume.TextAt("spec", "claimRef", "namespace")}/{name}" : null;

    private static string FolderOf(string folder, KubeObject volume)
    {
        (_, string exportPath, string localRoot) = ClusterFactory.FolderExport(folder);
        string path = volume.TextAt("spec", "nfs", "path") ?? throw new InvalidOperationException($"The sample volume {volume.Name} is not on NFS.");
        return Path.Combine(localRoot, Path.GetRelativePath(exportPath, path));
    }
}
