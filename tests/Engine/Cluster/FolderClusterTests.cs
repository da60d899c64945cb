using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Cluster;

public sealed class FolderClusterTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bf-folder-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_claim_of_the_nfs_class_gets_a_folder_of_its_own_and_goes_into_the_archive_with_it()
    {
        ICluster cluster = await ClusterWithClassAsync("{}");
        KubeObject claim = await CreateAsync(cluster, "pvc", PvcJson("data"));
        Assert.Equal("Bound", claim.TextAt("status", "phase"));
        string pvName = claim.TextAt("spec", "volumeName")!;
        KubeObject volume = (await cluster.TryGetAsync(await TypeAsync(cluster, "pv"), null, pvName, None))!;
        Assert.Equal($"/volume1/k8s/arr-data-{pvName}", volume.TextAt("spec", "nfs", "path"));
        Assert.Equal("k8s-sigs.io/nfs-subdir-external-provisioner", volume.Annotation("pv.kubernetes.io/provisioned-by"));
        Assert.Equal(claim.Uid, volume.TextAt("spec", "claimRef", "uid"));

        (string server, string export, string local) = ClusterFactory.FolderExport(_folder.FullName);
        VolumeResolver resolver = new(new VolumeMounts([new VolumeMount(server, export, local)]));
        string data = resolver.Resolve(claim, volume).Volume!.Path;
        await File.WriteAllTextAsync(Path.Combine(data, "file"), "x");
        Assert.True(await cluster.DeleteAsync(await TypeAsync(cluster, "pvc"), "arr", "data", None));
        Assert.Null(await cluster.TryGetAsync(await TypeAsync(cluster, "pv"), null, pvName, None));
        Assert.True(File.Exists(Path.Combine(local, $"archived-arr-data-{pvName}", "file")));
    }

    [Fact]
    public async Task Deleting_the_namespace_removes_volumes_whose_class_keeps_no_archive()
    {
        ICluster cluster = await ClusterWithClassAsync("""{"archiveOnDelete":"false"}""");
        await CreateAsync(cluster, "pvc", PvcJson("data"));
        Assert.Single(Directory.GetDirectories(Path.Combine(_folder.FullName, "volumes")));
        await cluster.DeleteAsync(await TypeAsync(cluster, "ns"), null, "arr", None);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder.FullName, "volumes")));
    }

    [Fact]
    public async Task A_restore_waits_for_the_claim_and_finds_its_folder()
    {
        ICluster cluster = await ClusterWithClassAsync("{}");
        await CreateAsync(cluster, "pvc", PvcJson("data"));
        await CreateAsync(cluster, "pvc", PvcJson("lost", "unknown-class"));
        await CreateAsync(cluster, "sc", """{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"late"},"provisioner":"x","volumeBindingMode":"WaitForFirstConsumer"}""");
        await CreateAsync(cluster, "pvc", PvcJson("late", "late"));
        (string server, string export, string local) = ClusterFactory.FolderExport(_folder.FullName);
        ClaimWaiter waiter = new(
            cluster, await TypeAsync(cluster, "pvc"), await TypeAsync(cluster, "pv"), await TypeAsync(cluster, "sc"),
            new VolumeResolver(new VolumeMounts([new VolumeMount(server, export, local)])));
        Assert.NotNull((await waiter.WaitAsync("arr", "data", TimeSpan.FromMilliseconds(10), None)).Volume);
        Assert.Contains("phase Pending", (await waiter.WaitAsync("arr", "lost", TimeSpan.FromMilliseconds(10), None)).SkipReason, StringComparison.Ordinal);
        Assert.Contains("WaitForFirstConsumer", (await waiter.WaitAsync("arr", "late", TimeSpan.FromDays(1), None)).SkipReason, StringComparison.Ordinal);
        Assert.Contains("does not exist", (await waiter.WaitAsync("arr", "none", TimeSpan.FromDays(1), None)).SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_written_by_hand_are_served_with_an_identity_that_stays()
    {
        Write("objects/configmaps/arr/settings.yml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  mode: \"0644\"\n");
        Write("discovery.json", """[{"group":"metrics.test","version":"v2","resource":"readings","kind":"Reading","namespaced":true}]""");
        Write("objects/readings.metrics.test/arr/r.json", """{"apiVersion":"metrics.test/v1","kind":"Reading","metadata":{"name":"r"},"value":1.50}""");
        ICluster cluster = ClusterFactory.OpenFolder(_folder.FullName, new ManualTimeProvider());
        KubeObject first = (await cluster.TryGetAsync(await TypeAsync(cluster, "cm"), "arr", "settings", None))!;
        KubeObject again = (await cluster.TryGetAsync(await TypeAsync(cluster, "cm"), "arr", "settings", None))!;
        Assert.Equal(("arr", "0644"), (first.Namespace, first.TextAt("data", "mode")));
        Assert.NotNull(first.Uid);
        Assert.Equal(first.Uid, again.Uid);
        KubeObject reading = (await cluster.TryGetAsync(await TypeAsync(cluster, "readings"), "arr", "r", None))!;
        Assert.Equal(("metrics.test/v2", "1.50"), (reading.ApiVersion, reading.NodeAt("value")!.ToJsonString()));
    }

    [Fact]
    public async Task A_file_that_holds_another_object_is_corrupt()
    {
        Write("objects/configmaps/arr/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n");
        ICluster cluster = ClusterFactory.OpenFolder(_folder.FullName, new ManualTimeProvider());
        ApiResource type = await TypeAsync(cluster, "cm");
        BackupException corrupt = await Assert.ThrowsAsync<BackupException>(() => cluster.TryGetAsync(type, "arr", "a", None));
        Assert.Equal(ErrorKind.Corrupt, corrupt.Kind);
        Assert.Contains("a.yaml", corrupt.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..", "x")]
    [InlineData("arr", "../../escape")]
    [InlineData("arr", "a/b")]
    [InlineData("arr", ".hidden")]
    [InlineData("_cluster", "x")]
    public async Task Names_that_would_leave_the_folder_are_refused(string ns, string name)
    {
        ICluster cluster = ClusterFactory.OpenFolder(_folder.FullName, new ManualTimeProvider());
        ApiResource type = await TypeAsync(cluster, "cm");
        Assert.Equal(ErrorKind.InvalidInput, (await Assert.ThrowsAsync<KubeApiException>(() => cluster.TryGetAsync(type, ns, name, None))).Kind);
        ApiResource hostile = type with { Gvr = new Gvr("", "v1", "../configmaps") };
        Assert.Equal(ErrorKind.InvalidInput, (await Assert.ThrowsAsync<KubeApiException>(() => cluster.TryGetAsync(hostile, "arr", "x", None))).Kind);
    }

    [Fact]
    public async Task Two_writers_create_each_object_once()
    {
        ICluster one = await ClusterWithClassAsync("{}");
        ICluster other = ClusterFactory.OpenFolder(_folder.FullName, TimeProvider.System);
        int created = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            try
            {
                await CreateAsync(i % 2 == 0 ? one : other, "cm", $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c{{{i / 2}}}","namespace":"arr"} }""");
                Interlocked.Increment(ref created);
            }
            catch (KubeApiException e) when (e.Kind == ErrorKind.AlreadyExists)
            {
                Assert.Equal("AlreadyExists", e.Reason);
            }
        });
        Assert.Equal(20, created);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<BackupException>(() => ClusterFactory.OpenFolder("/no/such/folder", TimeProvider.System)).Kind);

    private static async Task<ApiResource> TypeAsync(ICluster cluster, string name) => (await cluster.DiscoverAsync(None)).Find(name)!;

    private static async Task<KubeObject> CreateAsync(ICluster cluster, string type, string json) =>
        await cluster.CreateAsync(await TypeAsync(cluster, type), new KubeObject((JsonObject)JsonNode.Parse(json)!), None);

    private static string PvcJson(string name, string storageClass = "nfs-client") => $$$"""
        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{name}}}","namespace":"arr"},
         "spec":{"accessModes":["ReadWriteMany"],"storageClassName":"{{{storageClass}}}","resources":{"requests":{"storage":"5Gi"} } } }
        """;

    private async Task<ICluster> ClusterWithClassAsync(string parameters)
    {
        Write("cluster.yaml", "name: home\nnfs:\n  server: nas.lan\n  path: /volume1/k8s\n");
        ICluster cluster = ClusterFactory.OpenFolder(_folder.FullName, TimeProvider.System);
        await CreateAsync(cluster, "ns", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"arr"} }""");
        await CreateAsync(cluster, "sc", $$$"""
            {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"nfs-client"},
             "provisioner":"k8s-sigs.io/nfs-subdir-external-provisioner","parameters":{{{parameters}}} }
            """);
        return cluster;
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
