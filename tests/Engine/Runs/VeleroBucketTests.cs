using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Tests.Engine.Catalog;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>
/// Backups that the real Velero made are restored by this program, and the cluster is then as the real Velero left it after the same
/// restore. What may differ is what <see cref="ClusterObjects"/> takes away, with the reasons there.
/// </summary>
public sealed class VeleroBucketTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Velero_s_backups_are_listed()
    {
        using RunHarness harness = OnFolder("namespace-bucket");

        List<string> names = [];
        await foreach (BackupEntry entry in harness.Backups.ListAsync(CancellationToken.None))
        {
            BackupStatus status = entry.Backup!.Status;
            names.Add($"{entry.Name} {status.Phase} {status.Progress?.TotalItems}");
        }

        Assert.Equal(["t1 Completed 11", "t3 Completed 3", "t4 Completed 75"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_empty_cluster_is_filled_as_Velero_fills_it()
    {
        using RunHarness harness = OnFolder("namespace-bucket");

        VeleroRestore restore = await harness.RestoreAsync("r1", new RestoreSpec { BackupName = "t1" });

        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 0, Progress.ItemsRestored: 11 }, await harness.ProblemsOfAsync(restore));
        Assert.Equal(ClusterObjects.AfterVelero("r1", "arr"), await ClusterObjects.OfAsync(harness.Cluster, "arr"));
    }

    [Fact]
    public async Task A_mapped_namespace_and_a_selector_choose_what_they_choose_in_Velero()
    {
        using RunHarness harness = OnFolder("namespace-bucket");
        await harness.RestoreAsync("r1", new RestoreSpec { BackupName = "t1" });

        VeleroRestore restore = await harness.RestoreAsync("r2", new RestoreSpec
        {
            BackupName = "t1",
            NamespaceMapping = new Dictionary<string, string> { ["arr"] = "arr2" },
            LabelSelector = new BackupFunctions.Engine.Catalog.LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "sonarr" } },
        });

        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(restore));
        Assert.Equal(ClusterObjects.AfterVelero("r2", "arr2"), await ClusterObjects.OfAsync(harness.Cluster, "arr2"));
        Assert.Equal(ClusterObjects.AfterVelero("r2", "arr"), await ClusterObjects.OfAsync(harness.Cluster, "arr"));
    }

    [Fact]
    public async Task Changed_objects_are_brought_back_with_update_as_Velero_does()
    {
        using RunHarness harness = OnFolder("namespace-bucket");
        await harness.RestoreAsync("r1", new RestoreSpec { BackupName = "t1" });
        ApiDiscovery types = await harness.Cluster.DiscoverAsync(CancellationToken.None);
        await harness.Cluster.MergePatchAsync(
            types.FindGroupResource("configmaps")!, "arr", "settings", JsonNode.Parse("""{"data":{"level":"debug","added":"x"}}""")!.AsObject(), CancellationToken.None);
        await harness.Cluster.DeleteAsync(types.FindGroupResource("secrets")!, "arr", "apikey", CancellationToken.None);

        VeleroRestore restore = await harness.RestoreAsync("r4", new RestoreSpec { BackupName = "t1", IncludedNamespaces = ["arr"], ExistingResourcePolicy = "update" });

        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(restore));
        Assert.Equal(ClusterObjects.AfterVelero("r4", "arr"), await ClusterObjects.OfAsync(harness.Cluster, "arr"));
    }

    [Fact]
    public async Task A_claim_gets_the_very_data_back_that_Velero_saved_and_the_pod_s_own_volume_is_named()
    {
        using TestFolder data = new();
        Directory.CreateDirectory(data["a"]);
        using RunHarness harness = OnFolder("volumes-bucket", new VolumeMount(null, "/srv/vk/lpv", data.Path));

        VeleroRestore restore = await harness.RestoreAsync("back", new RestoreSpec { BackupName = "v2" });

        string problems = await harness.ProblemsOfAsync(restore);
        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 1 }, problems);
        Assert.Contains("scratch", problems, StringComparison.Ordinal);
        string[] expected = await File.ReadAllLinesAsync(VeleroFixture.PathOf("volumes-trees", "config.txt"), Encoding.Latin1);
        Assert.Equal(WithOwnersIfRoot(expected), WithOwnersIfRoot(data.Describe("a")));
        ApiDiscovery types = await harness.Cluster.DiscoverAsync(CancellationToken.None);
        KubeObject claim = (await harness.Cluster.TryGetAsync(types.FindGroupResource("persistentvolumeclaims")!, "vol", "config", CancellationToken.None))!;
        Assert.Equal("pv-a", claim.TextAt("spec", "volumeName"));
        KubeObject pod = (await harness.Cluster.TryGetAsync(types.FindGroupResource("pods")!, "vol", "app", CancellationToken.None))!;
        Assert.Null(pod.TextAt("spec", "nodeName"));
    }

    [PeerFact(Peer.KubeApiServer)]
    public async Task The_real_API_server_is_filled_as_Velero_fills_it()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        string kubeconfig = folder.Below("kubeconfig");
        server.WriteKubeconfig(kubeconfig);
        await DeleteAllAsync(server);
        ICluster cluster = ClusterFactory.OpenKube(KubeConnection.FromKubeconfig(await File.ReadAllTextAsync(kubeconfig), null, folder.Path), TimeProvider.System);
        using RunHarness harness = new(cluster, CopyOfBucket("namespace-bucket"), VolumeMounts.None, password: RepositoryPassword.VeleroDefault);
        try
        {
            VeleroRestore restore = await harness.RestoreAsync("r1", new RestoreSpec { BackupName = "t1" });
            Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(restore));
            Assert.Equal(ClusterObjects.AfterVelero("r1", "arr"), await ClusterObjects.OfAsync(cluster, "arr"));

            await server.Api.PatchAsync("/api/v1/namespaces/arr/configmaps/settings", """{"data":{"level":"debug","added":"x"}}""");
            await server.Api.DeleteAsync("/api/v1/namespaces/arr/secrets/apikey");
            VeleroRestore update = await harness.RestoreAsync("r4", new RestoreSpec { BackupName = "t1", IncludedNamespaces = ["arr"], ExistingResourcePolicy = "update" });
            Assert.True(update.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(update));
            Assert.Equal(ClusterObjects.AfterVelero("r4", "arr"), await ClusterObjects.OfAsync(cluster, "arr"));
        }
        finally
        {
            await DeleteAllAsync(server);
        }
    }

    private static async Task DeleteAllAsync(KubeApiServer server)
    {
        foreach (string path in (string[])
            [
                "/api/v1/namespaces/arr", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.org",
                "/apis/rbac.authorization.k8s.io/v1/clusterroles/arr-reader", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/arr-reader",
            ])
        {
            if (await server.Api.TryGetAsync(path) is not null)
            {
                await server.Api.DeleteAsync(path);
                await server.Api.WaitUntilGoneAsync(path);
            }
        }
    }

    // Only root can give files to others.
    private static IEnumerable<string> WithOwnersIfRoot(IEnumerable<string> lines) => TestFolder.IsRoot
        ? lines
        : lines.Select(line => line.Split('|') is { Length: > 5 } fields ? string.Join('|', [.. fields[..3], .. fields[5..]]) : line);

    private RunHarness OnFolder(string bucket, params VolumeMount[] mounts)
    {
        string path = folder.Below("cluster");
        Directory.CreateDirectory(path);
        return new RunHarness(ClusterFactory.OpenFolder(path, TimeProvider.System), CopyOfBucket(bucket), new VolumeMounts(mounts), password: RepositoryPassword.VeleroDefault);
    }

    private IBlobStore CopyOfBucket(string bucket)
    {
        string copy = folder.Below("store");
        foreach (string file in Directory.EnumerateFiles(VeleroFixture.PathOf(bucket), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(VeleroFixture.PathOf(bucket), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!); // every file of a bucket has a folder
            File.Copy(file, target);
        }

        return BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + copy), null, new BlobStoreOptions(), TimeProvider.System);
    }
}
