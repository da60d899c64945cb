using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using Xunit;

namespace BackupFunctions.Tests.Engine.Runs;

public sealed class BackupAndRestoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RunHarness harness;

    public BackupAndRestoreTests()
    {
        SmallCluster.Write(folder.Below("cluster"));
        harness = RunHarness.OnFolders(folder.Below("cluster"), folder.Below("store"));
    }

    [Fact]
    public async Task A_deleted_namespace_comes_back_with_its_objects_and_its_data()
    {
        VeleroBackup backup = await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] });
        Assert.True(backup.Status is { Phase: BackupPhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(backup));
        string before = Trees.Describe(folder.Below("cluster", "volumes", "app-data-pvc-1"));
        await DeleteNamespaceAsync("app");
        Assert.False(Directory.Exists(folder.Below("cluster", "volumes", "app-data-pvc-1")));

        VeleroRestore restore = await harness.RestoreAsync("back", new RestoreSpec { BackupName = "one" });

        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0, Warnings: 0 }, await harness.ProblemsOfAsync(restore));
        string data = Assert.Single(Directory.GetDirectories(folder.Below("cluster", "volumes"), "app-data-*"));
        Assert.Equal(before, Trees.Describe(data));
        KubeObject widget = await GetAsync("widgets.example.org", "app", "round");
        Assert.Equal("1.0", widget.NodeAt("spec", "ratio")?.ToJsonString());
        Assert.Equal("9007199254740993", widget.NodeAt("spec", "big")?.ToJsonString());
        Assert.Equal("one", widget.Label("velero.io/backup-name"));
        Assert.Equal("back", widget.Label("velero.io/restore-name"));
        KubeObject service = await GetAsync("services", "app", "web");
        Assert.Null(service.NodeAt("spec", "ports", "0", "nodePort"));
        Assert.NotEqual("10.0.0.7", service.TextAt("spec", "clusterIP"));
        Assert.Equal("c2VjcmV0", (await GetAsync("secrets", "app", "key")).TextAt("data", "token"));
        Assert.Empty(await LeftoversAsync());
    }

    [Fact]
    public async Task An_unknown_namespace_is_refused_and_nothing_is_written()
    {
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app", "nowhere"] }));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Below("store"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_backup_that_exists_already_is_refused_and_stays_as_it_is()
    {
        await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["other"] });
        string before = Trees.Describe(folder.Below("store"));
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] }));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        Assert.Equal(before, Trees.Describe(folder.Below("store")));
    }

    [Fact]
    public async Task Existing_objects_are_left_alone_unless_an_update_is_asked_for()
    {
        await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] });
        await PatchAsync("configmaps", "app", "settings", """{"data":{"colour":"green"}}""");

        VeleroRestore plain = await harness.RestoreAsync("plain", new RestoreSpec { BackupName = "one" });
        Assert.Equal("green", (await GetAsync("configmaps", "app", "settings")).TextAt("data", "colour"));
        Assert.Contains("already exists", await harness.ProblemsOfAsync(plain), StringComparison.Ordinal);

        VeleroRestore update = await harness.RestoreAsync("update", new RestoreSpec { BackupName = "one", ExistingResourcePolicy = "update", IncludedResources = ["configmaps"] });
        Assert.Equal("blue", (await GetAsync("configmaps", "app", "settings")).TextAt("data", "colour"));
        Assert.Equal(RestorePhase.Completed, update.Status.Phase);
    }

    [Fact]
    public async Task Data_is_never_written_into_a_claim_that_existed_before()
    {
        await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] });
        string file = folder.Below("cluster", "volumes", "app-data-pvc-1", "readme.txt");
        File.Delete(file);
        VeleroRestore restore = await harness.RestoreAsync("back", new RestoreSpec { BackupName = "one" });
        Assert.False(File.Exists(file));
        Assert.Contains("existed before the restore", await harness.ProblemsOfAsync(restore), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_can_be_restored_under_another_name()
    {
        await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] });
        VeleroRestore restore = await harness.RestoreAsync("copy", new RestoreSpec { BackupName = "one", NamespaceMapping = new Dictionary<string, string> { ["app"] = "app2" } });
        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0 }, await harness.ProblemsOfAsync(restore));
        Assert.Equal("blue", (await GetAsync("configmaps", "app2", "settings")).TextAt("data", "colour"));
        string copy = Assert.Single(Directory.GetDirectories(folder.Below("cluster", "volumes"), "app2-data-*"));
        Assert.Equal(Trees.Describe(folder.Below("cluster", "volumes", "app-data-pvc-1")), Trees.Describe(copy));
    }

    [Fact]
    public async Task An_empty_cluster_gets_the_definitions_and_storage_classes_that_chosen_objects_need_whatever_their_labels()
    {
        await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] });
        Directory.CreateDirectory(folder.Below("empty", "objects"));
        using RunHarness empty = RunHarness.OnFolders(folder.Below("empty"), folder.Below("store"));
        VeleroRestore restore = await empty.RestoreAsync("back", new RestoreSpec { BackupName = "one", IncludedNamespaces = ["app"], IncludedResources = ["persistentvolumeclaims", "storageclasses.storage.k8s.io", "widgets.example.org", "customresourcedefinitions.apiextensions.k8s.io"] });
        ApiDiscovery types = await empty.Cluster.DiscoverAsync(CancellationToken.None);
        Assert.NotNull(await empty.Cluster.TryGetAsync(types.FindGroupResource("storageclasses.storage.k8s.io")!, null, "nfs-client", CancellationToken.None));
        Assert.NotNull(await empty.Cluster.TryGetAsync(types.FindGroupResource("widgets.example.org")!, "app", "round", CancellationToken.None));
        Assert.DoesNotContain("nfs-client", await empty.ProblemsOfAsync(restore), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_has_no_effect_is_warned_of()
    {
        VeleroBackup backup = await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["other"], SnapshotMoveData = true });
        Assert.Equal((BackupPhase.Completed, 1), (backup.Status.Phase, backup.Status.Warnings));
        Assert.Contains("snapshotMoveData", await harness.ProblemsOfAsync(backup), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_does_not_open_the_repositories_is_refused_and_nothing_is_written()
    {
        await harness.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["app"] });
        string before = Trees.Describe(folder.Below("store"));
        using RunHarness other = RunHarness.OnFolders(folder.Below("cluster"), folder.Below("store"), new("another password"));
        BackupException backup = await Assert.ThrowsAsync<BackupException>(() => other.BackUpAsync("two", new BackupSpec { IncludedNamespaces = ["app"] }));
        BackupException restore = await Assert.ThrowsAsync<BackupException>(() => other.RestoreAsync("back", new RestoreSpec { BackupName = "one" }));
        Assert.Equal((ErrorKind.WrongPassword, ErrorKind.WrongPassword), (backup.Kind, restore.Kind));
        Assert.Equal(before, Trees.Describe(folder.Below("store")));
    }

    [Fact]
    public async Task A_backup_that_can_no_longer_be_put_together_ends_as_failed_and_says_why()
    {
        await harness.BackupStarter.StartAsync(
            new VeleroBackup { Metadata = new ObjectMetadata { Name = "one" }, Spec = new BackupSpec { IncludedNamespaces = ["app"] } }, strict: true, CancellationToken.None);
        WorkMessage? finish = null;
        while (harness.Queue.TryTake(out WorkMessage? message))
        {
            if (message!.Item is null)
            {
                finish = message;
            }
            else
            {
                await harness.Dispatcher.HandleAsync(message, CancellationToken.None);
            }
        }

        foreach (string part in Directory.GetFiles(folder.Below("store", "backups", "one", "work", "parts"), "*.tar.gz"))
        {
            File.Delete(part);
        }

        BackupException error = await Assert.ThrowsAsync<BackupException>(() => harness.Dispatcher.HandleAsync(finish!, CancellationToken.None));
        await harness.Dispatcher.HandlePoisonAsync(finish!, error.Message, CancellationToken.None);

        VeleroBackup backup = await harness.Backups.GetAsync(BackupName.Parse("one"), CancellationToken.None);
        Assert.Equal(BackupPhase.Failed, backup.Status.Phase);
        Assert.Contains("could not be published", backup.Status.FailureReason, StringComparison.Ordinal);
        Assert.NotEmpty(await harness.Backups.Catalog.ReadPodVolumeBackupsAsync(BackupName.Parse("one"), CancellationToken.None));
        Assert.Empty(await LeftoversAsync());
    }

    public void Dispose()
    {
        harness.Dispose();
        folder.Dispose();
    }

    private async Task<KubeObject> GetAsync(string type, string ns, string name)
    {
        ApiDiscovery types = await harness.Cluster.DiscoverAsync(CancellationToken.None);
        return await harness.Cluster.TryGetAsync(types.FindGroupResource(type)!, ns, name, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no {type} {ns}/{name}.");
    }

    private async Task PatchAsync(string type, string ns, string name, string patch)
    {
        ApiDiscovery types = await harness.Cluster.DiscoverAsync(CancellationToken.None);
        await harness.Cluster.MergePatchAsync(types.FindGroupResource(type)!, ns, name, System.Text.Json.Nodes.JsonNode.Parse(patch)!.AsObject(), CancellationToken.None);
    }

    private async Task DeleteNamespaceAsync(string ns)
    {
        ApiDiscovery types = await harness.Cluster.DiscoverAsync(CancellationToken.None);
        await harness.Cluster.DeleteAsync(types.FindGroupResource("namespaces")!, null, ns, CancellationToken.None);
    }

    private async Task<List<string>> LeftoversAsync()
    {
        List<string> names = [];
        await foreach (var blob in harness.Store.ListAsync("", CancellationToken.None))
        {
            string name = blob.Name.ToString();
            if (name.Contains("/work/", StringComparison.Ordinal) || name.StartsWith("metadata/", StringComparison.Ordinal))
            {
                names.Add(name);
            }
        }

        return names;
    }
}
