using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Client.Direct;

/// <summary>The engine in this process: the way back when there is nothing but a bucket, an empty cluster and this program.</summary>
internal sealed class DirectBackupClient : IBackupClient
{
    // Written often, because somebody looks at it; a stalled run counts as such after the usual time.
    private static readonly WorkOptions Work = new() { ProgressInterval = TimeSpan.FromSeconds(1) };

    private readonly IBlobStore store;
    private readonly TimeProvider time;
    private readonly Lazy<DirectWorks> works;

    public DirectBackupClient(DirectSettings settings, TimeProvider time, ILogger logger)
    {
        this.time = time;
        store = settings.OpenStore();

        // Looking at backups needs no cluster, so it is opened by what does.
        works = new Lazy<DirectWorks>(() =>
        {
            (ICluster cluster, VolumeMounts mounts) = settings.OpenCluster();
            return new DirectWorks(store, cluster, mounts, settings.ReadPassword(), Work, time, logger);
        });
        ScheduleStore schedules = new(store, settings.ReadSchedules(), time);
        Backups = new DirectBackups(
            new BackupReader(store, Work), () => new BackupDeleter(store, settings.ReadPassword(), new VolumeDataOptions(), time), () => works.Value);
        Restores = new DirectRestores(new RestoreReader(store, Work), new RestoreDeleter(store), () => works.Value);
        Schedules = new DirectSchedules(schedules, () => new ScheduleTicker(schedules, store, works.Value.BackupStarter, time));
    }

    public string DisplayName => store.DisplayName;

    public bool RunsHere => true;

    public IRunClient<VeleroBackup> Backups { get; }

    public IRunClient<VeleroRestore> Restores { get; }

    public IScheduleClient Schedules { get; }

    public Task WorkAsync(CancellationToken cancellationToken) => works.IsValueCreated ? works.Value.WorkAsync(cancellationToken) : Task.CompletedTask;

    public async Task<StoreReport> CheckStoreAsync(CancellationToken cancellationToken)
    {
        StoreCheckReport report = await new Engine.Storage.StoreCheck(store, time).RunAsync(cancellationToken);
        return new StoreReport(
            report.Store,
            [.. report.Steps.Select(step => new StoreCheck(step.Name, step.Outcome is StoreCheckOutcome.Passed or StoreCheckOutcome.Warning, step.Detail, step.Outcome.ToString().ToLowerInvariant()))]);
    }

    public Task<string?> ReadServerVersionAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public ValueTask DisposeAsync()
    {
        if (works.IsValueCreated)
        {
            works.Value.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
