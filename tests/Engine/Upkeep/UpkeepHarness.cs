using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Tests.Engine.Runs;
using BackupFunctions.Tests.Time;

namespace BackupFunctions.Tests.Engine.Upkeep;

/// <summary>A small cluster, a bucket in a folder, and everything that looks after the two.</summary>
internal sealed class UpkeepHarness : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly List<RunHarness> processes = [];

    public UpkeepHarness()
    {
        SmallCluster.Write(folder.Below("cluster"));
        Runs = NewProcess();
    }

    public RunHarness Runs { get; }

    public IBlobStore Store => Runs.Store;

    public string StorePath => folder.Below("store");

    public string VolumePath => folder.Below("cluster", "volumes", "app-data-pvc-1");

    public ManualTimeProvider Time { get; } = new(Start);

    public static VeleroSchedule Schedule(string name, string cron, BackupSpec? template = null) => new()
    {
        Metadata = new ObjectMetadata { Name = name, Labels = new Dictionary<string, string> { ["tier"] = "gold" }, Annotations = new Dictionary<string, string> { ["note"] = "n" } },
        Spec = new ScheduleSpec { Schedule = cron, Template = template ?? new BackupSpec { IncludedNamespaces = ["other"] } },
    };

    public static BackupDeleter Deleter(IBlobStore store) =>
        new(store, RunHarness.Password, new VolumeDataOptions(), TimeProvider.System);

    /// <summary>Another process on the same cluster and bucket.</summary>
    public RunHarness NewProcess()
    {
        RunHarness process = RunHarness.OnFolders(folder.Below("cluster"), StorePath);
        processes.Add(process);
        return process;
    }

    public ScheduleStore Schedules(params VeleroSchedule[] configured) => new(Store, configured, Time);

    public ScheduleTicker Ticker(ScheduleStore schedules, RunHarness? process = null) =>
        new(schedules, (process ?? Runs).Store, (process ?? Runs).BackupStarter, Time);

    /// <summary>One tick at a moment, then all the work it made.</summary>
    public async Task<IReadOnlyList<ScheduleOutcome>> TickAsync(ScheduleStore schedules, DateTimeOffset now)
    {
        IReadOnlyList<ScheduleOutcome> outcomes = await Ticker(schedules).TickAsync(now, CancellationToken.None);
        await Runs.RunToEndAsync();
        return outcomes;
    }

    public async Task<List<string>> BackupNamesAsync()
    {
        List<string> names = [];
        await foreach (BackupEntry entry in Runs.Backups.ListAsync(CancellationToken.None))
        {
            names.Add(entry.Name);
        }

        return names;
    }

    public Task<List<string>> BlobsAsync() => BlobsAsync(Store);

    public static async Task<List<string>> BlobsAsync(IBlobStore store)
    {
        List<string> names = [];
        await foreach (BlobInfo blob in store.ListAsync("", CancellationToken.None))
        {
            names.Add(blob.Name.ToString());
        }

        return names;
    }

    public async Task PutAsync(string name, string content) =>
        await Store.PutAsync(BlobName.Parse(name), System.Text.Encoding.UTF8.GetBytes(content), PutCondition.Always, CancellationToken.None);

    /// <summary>Restores the data of a backup's one volume into a new folder and describes it.</summary>
    public async Task<string> RestoredDataAsync(IBlobStore store, string backup) => (await RestoredDataAndSnapshotsAsync(store, backup)).Data;

    /// <summary>The same, and the ids of all snapshots of namespace app.</summary>
    public async Task<(string Data, List<string> Snapshots)> RestoredDataAndSnapshotsAsync(IBlobStore store, string backup)
    {
        PodVolumeBackup volume = Xunit.Assert.Single(await new BackupCatalog(store).ReadPodVolumeBackupsAsync(BackupName.Parse(backup), CancellationToken.None));
        await using VolumeDataRepository repository = await OpenRepositoryAsync(store);
        string target = folder.Below("restored-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(target);
        await repository.RestoreAsync(
            BackupFunctions.Engine.Repository.ManifestId.Parse(volume.Status.SnapshotId!), target, new TreeRestoreOptions(), null, CancellationToken.None);
        string described = Trees.Describe(target);
        Directory.Delete(target, recursive: true);
        return (described, await SnapshotsAsync(repository));
    }

    /// <summary>Ids of all snapshots of namespace app.</summary>
    public static async Task<List<string>> SnapshotsAsync(IBlobStore store)
    {
        await using VolumeDataRepository repository = await OpenRepositoryAsync(store);
        return await SnapshotsAsync(repository);
    }

    public string Below(string name) => folder.Below(name);

    public void Dispose()
    {
        processes.ForEach(process => process.Dispose());
        folder.Dispose();
    }

    private static async Task<List<string>> SnapshotsAsync(VolumeDataRepository repository) =>
        [.. (await repository.ListAsync(CancellationToken.None)).Select(snapshot => snapshot.Id.ToString())];

    private static Task<VolumeDataRepository> OpenRepositoryAsync(IBlobStore store) =>
        VolumeDataRepository.OpenAsync(store, "app", RunHarness.Password, new VolumeDataOptions(), TimeProvider.System, CancellationToken.None);
}
