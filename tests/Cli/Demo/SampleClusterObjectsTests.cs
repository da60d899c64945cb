using System.Text.Json.Nodes;
using BackupFunctions.Cli.Demo;
using BackupFunctions.Engine.Cluster;
using Xunit;

namespace BackupFunctions.Tests.Cli.Demo;

public sealed class SampleClusterObjectsTests
{
    private static readonly ICluster Cluster = ClusterFactory.OpenFolder(SampleCluster.DefaultSource, TimeProvider.System);

    [Fact]
    public async Task Every_object_file_is_an_object_that_the_cluster_serves()
    {
        int files = Directory.EnumerateFiles(Path.Combine(SampleCluster.DefaultSource, "objects"), "*", SearchOption.AllDirectories).Count();
        ApiDiscovery discovery = await Cluster.DiscoverAsync(default);
        List<KubeObject> served = [];
        foreach (ApiResource type in discovery.Preferred)
        {
            served.AddRange(await Cluster.ListAsync(type, null, null, default).ToListAsync());
        }

        Assert.Equal(files, served.Count);
        Assert.Equal(files, served.Select(item => item.Uid).Distinct().Count());
        Assert.Contains(served, item => item.Kind == "IngressRoute" && item.Namespace == "arr");
    }

    [Fact]
    public async Task Every_claim_is_bound_to_a_volume_whose_folder_is_there()
    {
        (string server, string exportPath, string localRoot) = ClusterFactory.FolderExport(SampleCluster.DefaultSource);
        List<KubeObject> claims = await ListAsync("persistentvolumeclaims");
        Dictionary<string, KubeObject> volumes = (await ListAsync("persistentvolumes")).ToDictionary(volume => volume.Name);
        Assert.Equal(8, claims.Count);
        Assert.Equal(claims.Count, volumes.Count);
        Assert.All(claims, claim =>
        {
            KubeObject volume = volumes[claim.TextAt("spec", "volumeName") ?? ""];
            Assert.Equal(claim.Uid, volume.TextAt("spec", "claimRef", "uid"));
            Assert.Equal(server, volume.TextAt("spec", "nfs", "server"));
            string path = volume.TextAt("spec", "nfs", "path") ?? "";
            Assert.True(Directory.Exists(localRoot + path[exportPath.Length..]), path);
        });
    }

    [Fact]
    public async Task Every_volume_of_a_workload_refers_to_something_that_is_there()
    {
        HashSet<string> known = [];
        foreach (string type in (string[])["persistentvolumeclaims", "configmaps", "secrets"])
        {
            known.UnionWith((await ListAsync(type)).Select(item => $"{item.Namespace}/{type}/{item.Name}"));
        }

        List<KubeObject> workloads = [.. await ListAsync("deployments.apps"), .. await ListAsync("statefulsets.apps")];
        IEnumerable<string> wanted =
            from workload in workloads
            from volume in workload.NodeAt("spec", "template", "spec", "volumes") as JsonArray ?? []
            let type = volume["persistentVolumeClaim"] is not null ? "persistentvolumeclaims" : volume["configMap"] is not null ? "configmaps" : "secrets"
            let name = (volume["persistentVolumeClaim"]?["claimName"] ?? volume["configMap"]?["name"] ?? volume["secret"]?["secretName"])?.GetValue<string>()
            where name is not null
            select $"{workload.Namespace}/{type}/{name}";
        Assert.NotEmpty(wanted);
        Assert.Empty(wanted.Except(known));
    }

    private static async Task<List<KubeObject>> ListAsync(string groupResource)
    {
        ApiResource type = (await Cluster.DiscoverAsync(default)).FindGroupResource(groupResource) ?? throw new InvalidOperationException(groupResource);
        return await Cluster.ListAsync(type, null, null, default).ToListAsync();
    }
}
