using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>The engine put together as the command line does it: one process, one local queue.</summary>
internal sealed class RunHarness : IDisposable
{
    private readonly BackupExecutor backupExecutor;

    public RunHarness(ICluster cluster, IBlobStore store, VolumeMounts mounts, RestoreOptions? restoreOptions = null, RepositoryPassword? password = null, WorkOptions? options = null, IWorkQueue? queue = null)
    {
        Cluster = cluster;
        Store = store;
        VolumeResolver resolver = new(mounts);
        VolumeDataOptions volumes = new();
        RepositoryPassword secret = password ?? Password;
        backupExecutor = new BackupExecutor(cluster, store, resolver, secret, volumes, new BackupOptions(), TimeProvider.System);
        RestoreExecutor restoreExecutor = new(cluster, store, resolver, secret, volumes, restoreOptions ?? new RestoreOptions { ClaimTimeout = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        Dispatcher = new WorkDispatcher(store, queue ?? Queue, [backupExecutor, restoreExecutor], WorkerId.Create(), options ?? Options, TimeProvider.System, NullLogger.Instance);
        BackupStarter = new BackupStarter(cluster, store, Dispatcher, secret, volumes, new BackupOptions(), TimeProvider.System);
        RestoreStarter = new RestoreStarter(cluster, store, Dispatcher, secret, volumes, TimeProvider.System);
        Backups = new BackupReader(store, Options);
        Restores = new RestoreReader(store, Options);
    }

    public static RepositoryPassword Password { get; } = new("correct horse battery staple");

    public static WorkOptions Options { get; } = new() { ProgressInterval = TimeSpan.FromMilliseconds(200), StallAfter = TimeSpan.FromSeconds(2) };

    public ICluster Cluster { get; }

    public IBlobStore Store { get; }

    public LocalWorkQueue Queue { get; } = new();

    public WorkDispatcher Dispatcher { get; }

    public BackupStarter BackupStarter { get; }

    public RestoreStarter RestoreStarter { get; }

    public BackupReader Backups { get; }

    public RestoreReader Restores { get; }

    /// <summary>A harness on a folder cluster whose volumes are those of its own export.</summary>
    public static RunHarness OnFolders(string clusterPath, string storePath, RepositoryPassword? password = null) =>
        OnFolder(clusterPath, OpenFolderStore(storePath), password);

    /// <summary>A harness on a folder cluster and any store.</summary>
    public static RunHarness OnFolder(
        string clusterPath, IBlobStore store, RepositoryPassword? password = null, WorkOptions? options = null, IWorkQueue? queue = null)
    {
        ICluster cluster = ClusterFactory.OpenFolder(clusterPath, TimeProvider.System);
        (string server, string export, string root) = ClusterFactory.FolderExport(clusterPath);
        return new RunHarness(cluster, store, new VolumeMounts([new VolumeMount(server, export, root)]), null, password, options, queue);
    }

    public static IBlobStore OpenFolderStore(string path)
    {
        Directory.CreateDirectory(path);
        return BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + path), null, new BlobStoreOptions(), TimeProvider.System);
    }

    public async Task<VeleroBackup> BackUpAsync(string name, BackupSpec spec)
    {
        await BackupStarter.StartAsync(new VeleroBackup { Metadata = new ObjectMetadata { Name = name }, Spec = spec }, strict: true, CancellationToken.None);
        await RunToEndAsync();
        return await Backups.GetAsync(BackupName.Parse(name), CancellationToken.None);
    }

    public async Task<VeleroRestore> RestoreAsync(string name, RestoreSpec spec)
    {
        await RestoreStarter.StartAsync(new VeleroRestore { Metadata = new ObjectMetadata { Name = name }, Spec = spec }, CancellationToken.None);
        await RunToEndAsync();
        return await Restores.GetAsync(RestoreName.Parse(name), CancellationToken.None);
    }

    public Task RunToEndAsync() => new LocalWorkRunner(Queue, Dispatcher, workers: 2).RunToEndAsync(CancellationToken.None);

    public async Task<string> ProblemsOfAsync(VeleroBackup backup)
    {
        ResultSet results = await Backups.Catalog.ReadResultsAsync(BackupName.Parse(backup.Name), CancellationToken.None);
        return Text(results);
    }

    public async Task<string> ProblemsOfAsync(VeleroRestore restore)
    {
        ResultSet results = await Restores.Catalog.ReadResultsAsync(RestoreName.Parse(restore.Name), CancellationToken.None);
        return Text(results);
    }

    public void Dispose()
    {
        BackupStarter.Dispose();
        backupExecutor.Dispose();
        Dispatcher.Dispose();
    }

    private static string Text(ResultSet results) => System.Text.Json.JsonSerializer.Serialize(results, CatalogJsonContext.Default.ResultSet);
}
