using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.App.Hosting.Settings;
using BackupFunctions.App.Http;
using BackupFunctions.App.Queues;
using BackupFunctions.App.Timers;
using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting;

/// <summary>Puts the engine and the functions together. No server is asked anything here: all that can fail later is tried later.</summary>
internal static class Composition
{
    public static IMessageQueue OpenQueues(AppSettings settings, TimeProvider time) =>
        settings.QueueConnection is { } connection
            ? new AzureStorageQueue(connection.Reveal(), settings.Pumps.MaxPollingInterval)
            : new FolderQueue(settings.QueueFolder!, time); // one of the two is always set

    public static IEnumerable<object> CreateFunctions(AppParts parts)
    {
        (AppSettings settings, _, IWorkQueue queue, ILoggerFactory loggers, TimeProvider time) = parts;
        IBlobStore store = OpenStore(settings, new BlobStoreOptions(), time);
        (ICluster cluster, VolumeMounts mounts) = ClusterOpening.Open(settings, time);
        RepositoryPassword password = new(settings.RepositoryPassword.Reveal());
        VolumeDataOptions volumeOptions = new() { Repository = new() { ScratchFolder = Path.GetTempPath() } };
        VolumeResolver resolver = new(mounts);
        WorkOptions work = new() { ProgressInterval = settings.Work.ProgressInterval, StallAfter = settings.Work.StallAfter };
        BackupOptions backupOptions = new();

        IReadOnlyList<IRunExecutor> executors =
        [
            new BackupExecutor(cluster, store, resolver, password, volumeOptions, backupOptions, time),
            new RestoreExecutor(cluster, store, resolver, password, volumeOptions, new RestoreOptions(), time),
        ];
        WorkDispatcher dispatcher = new(store, queue, executors, WorkerId.Create(), work, time, loggers.CreateLogger<WorkDispatcher>());
        BackupStarter backupStarter = new(cluster, store, dispatcher, password, volumeOptions, backupOptions, time);
        BackupReader backupReader = new(store, work);
        RestoreReader restoreReader = new(store, work);
        ScheduleStore schedules = new(store, ReadSchedules(settings), time);
        ScheduleTicker ticker = new(schedules, store, backupStarter, time);
        RepositoryMaintainer maintainer = new(store, password, volumeOptions, RepositoryMaintainer.WhatIsDue, WorkerId.Create(), time);
        BackupDeleter deleter = new(store, password, volumeOptions, time);
        return
        [
            new ScheduleTickFunction(ticker, dispatcher, time, loggers.CreateLogger<ScheduleTickFunction>()),
            new RetentionTickFunction(new RetentionRunner(store, deleter), time, loggers.CreateLogger<RetentionTickFunction>()),
            new MaintenanceTickFunction(maintainer, queue, settings.MaintainsRepositories),
            new MaintainRepositoryFunction(maintainer, loggers.CreateLogger<MaintainRepositoryFunction>()),
            new BackupNamespaceFunction(dispatcher),
            new BackupVolumeFunction(dispatcher),
            new FinishBackupFunction(dispatcher),
            new RestoreStepFunction(dispatcher),
            new RestoreVolumeFunction(dispatcher),
            new DeleteBackupFunction(deleter),
            new BackupsFunctions(backupStarter, backupReader, deleter, dispatcher, queue),
            new BackupTextsFunctions(backupReader),
            new RestoresFunctions(new RestoreStarter(cluster, store, dispatcher, password, volumeOptions, time), restoreReader, new RestoreDeleter(store), dispatcher),
            new RestoreTextsFunctions(restoreReader),
            new SchedulesFunctions(schedules),
            new ScheduleActionsFunctions(schedules, ticker),
            new StoreFunctions(store, time),

            // Probes want an answer now, so this one does not try again.
            new HealthFunction(OpenStore(settings, new BlobStoreOptions { MaxAttempts = 1 }, time), parts.Messages, time),
        ];
    }

    private static IBlobStore OpenStore(AppSettings settings, BlobStoreOptions options, TimeProvider time) =>
        BlobStoreFactory.Open(settings.Store, settings.StoreCredentials, options, time);

    private static IReadOnlyList<VeleroSchedule> ReadSchedules(AppSettings settings) => settings.SchedulesFile is { } path
        ? ScheduleFile.Parse(File.ReadAllText(path), path)
        : ScheduleFile.Parse(DefaultSchedules.Yaml, "The built-in schedules");
}
