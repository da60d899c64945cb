using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>The part of the engine that works on a cluster: starts runs and carries them out in this process.</summary>
internal sealed class DirectWorks : IDisposable
{
    // Objects and volumes are done side by side; a volume itself uses several threads.
    private const int Workers = 4;

    private readonly LocalWorkQueue queue = new();
    private readonly BackupExecutor backups;

    public DirectWorks(IBlobStore store, ICluster cluster, VolumeMounts mounts, RepositoryPassword password, WorkOptions work, TimeProvider time, ILogger logger)
    {
        VolumeResolver resolver = new(mounts);
        VolumeDataOptions volumes = new() { Repository = new() { ScratchFolder = Path.GetTempPath() } };
        BackupOptions options = new();
        backups = new BackupExecutor(cluster, store, resolver, password, volumes, options, time);
        RestoreExecutor restores = new(cluster, store, resolver, password, volumes, new RestoreOptions(), time);
        Dispatcher = new WorkDispatcher(store, queue, [backups, restores], WorkerId.Create(), work, time, logger);
        BackupStarter = new BackupStarter(cluster, store, Dispatcher, password, volumes, options, time);
        RestoreStarter = new RestoreStarter(cluster, store, Dispatcher, password, volumes, time);
    }

    public WorkDispatcher Dispatcher { get; }

    public BackupStarter BackupStarter { get; }

    public RestoreStarter RestoreStarter { get; }

    public Task WorkAsync(CancellationToken cancellationToken) => new LocalWorkRunner(queue, Dispatcher, Workers).RunToEndAsync(cancellationToken);

    public void Dispose()
    {
        BackupStarter.Dispose();
        backups.Dispose();
        Dispatcher.Dispose();
    }
}
