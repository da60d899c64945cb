using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Engine.Upkeep;

public sealed class RetentionRunnerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly UpkeepHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Expired_backups_disappear_and_others_stay_and_still_restore()
    {
        string before = Trees.Describe(harness.VolumePath);
        await BackUpAsync("short", TimeSpan.FromHours(1));
        await BackUpAsync("long", TimeSpan.FromHours(100));
        await harness.Runs.RestoreAsync("of-short", new RestoreSpec { BackupName = "short", IncludedResources = ["configmaps"] });
        await harness.PutAsync("backups/broken/velero-backup.json", "{ half");
        RetentionRunner retention = new(harness.Store, UpkeepHarness.Deleter(harness.Store));
        DateTimeOffset now = DateTimeOffset.UtcNow;

        Assert.Empty((await retention.RunAsync(now.AddMinutes(30), None)).Deleted);
        RetentionReport report = await retention.RunAsync(now.AddHours(2), None);

        BackupDeletionReport deleted = Assert.Single(report.Deleted);
        Assert.Equal(("short", 1), (deleted.Backup, deleted.ForgottenSnapshots));
        Assert.Equal(["of-short"], deleted.Restores);
        Assert.Empty(report.Failures);
        Assert.Equal("broken", Assert.Single(report.Unreadable).Backup);
        Assert.Equal(["broken", "long"], await harness.BackupNamesAsync());
        Assert.Single(await UpkeepHarness.SnapshotsAsync(harness.Store));
        Assert.DoesNotContain(await harness.BlobsAsync(), blob => blob.Contains("short", StringComparison.Ordinal));
        Assert.Equal(before, await harness.RestoredDataAsync(harness.Store, "long"));
        Directory.Delete(harness.VolumePath, recursive: true);
        VeleroRestore restore = await harness.Runs.RestoreAsync("back", new RestoreSpec { BackupName = "long", NamespaceMapping = new Dictionary<string, string> { ["app"] = "app2" } });
        Assert.True(restore.Status is { Phase: RestorePhase.Completed, Errors: 0 }, await harness.Runs.ProblemsOfAsync(restore));
        string copy = Assert.Single(Directory.GetDirectories(Path.GetDirectoryName(harness.VolumePath)!, "app2-data-*")); // it has a parent
        Assert.Equal(before, Trees.Describe(copy));
    }

    [Fact]
    public async Task What_an_interrupted_deletion_left_goes_after_a_day()
    {
        await BackUpAsync("one", TimeSpan.FromHours(100));
        await new BackupCatalog(harness.Store).HideAsync(BackupName.Parse("one"), None);
        RetentionRunner retention = new(harness.Store, UpkeepHarness.Deleter(harness.Store));
        Assert.Empty((await retention.RunAsync(DateTimeOffset.UtcNow.AddHours(1), None)).Deleted);
        Assert.Equal("one", Assert.Single((await retention.RunAsync(DateTimeOffset.UtcNow.AddHours(25), None)).Deleted).Backup);
        Assert.Empty(await UpkeepHarness.SnapshotsAsync(harness.Store));
        Assert.DoesNotContain(await harness.BlobsAsync(), blob => blob.StartsWith("backups/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_that_a_restore_reads_is_spared()
    {
        await BackUpAsync("one", TimeSpan.FromHours(1));
        await harness.Runs.RestoreStarter.StartAsync(new VeleroRestore { Metadata = new ObjectMetadata { Name = "r" }, Spec = new RestoreSpec { BackupName = "one" } }, None);
        RetentionReport report = await new RetentionRunner(harness.Store, UpkeepHarness.Deleter(harness.Store)).RunAsync(DateTimeOffset.UtcNow.AddHours(2), None);
        Assert.Empty(report.Deleted);
        Assert.Contains("r", Assert.Single(report.Spared).Reason, StringComparison.Ordinal);
        Assert.Equal(["one"], await harness.BackupNamesAsync());
    }

    [Fact]
    public async Task A_store_for_reading_only_or_out_of_reach_loses_nothing_and_is_told()
    {
        await BackUpAsync("one", TimeSpan.FromHours(1));
        List<string> before = await harness.BlobsAsync();
        foreach ((IBlobStore store, ErrorKind kind) in new (IBlobStore, ErrorKind)[] { (BlobStoreFactory.ReadOnly(harness.Store), ErrorKind.AccessDenied), (new DyingStore(harness.Store, 0), ErrorKind.Unavailable) })
        {
            RetentionRunner retention = new(store, UpkeepHarness.Deleter(store));
            Assert.Equal(kind, (await Assert.ThrowsAsync<BackupException>(() => retention.RunAsync(DateTimeOffset.UtcNow.AddHours(2), None))).Kind);
        }

        Assert.Equal(before, await harness.BlobsAsync());
    }

    [Fact]
    public async Task One_that_cannot_be_deleted_keeps_no_other_from_its_turn()
    {
        await BackUpAsync("app-backup", TimeSpan.FromHours(1));
        await BackUpAsync("other-backup", TimeSpan.FromHours(1), "other");
        BackupDeleter wrong = new(harness.Store, new BackupFunctions.Engine.Snapshots.RepositoryPassword("wrong"), new(), TimeProvider.System);
        RetentionReport report = await new RetentionRunner(harness.Store, wrong).RunAsync(DateTimeOffset.UtcNow.AddHours(2), None);
        Assert.Equal("other-backup", Assert.Single(report.Deleted).Backup);
        Assert.Equal(("app-backup", ErrorKind.WrongPassword), (Assert.Single(report.Failures).Backup, report.Failures[0].Error.Kind));
        Assert.Equal(["app-backup"], await harness.BackupNamesAsync());
    }

    private Task<VeleroBackup> BackUpAsync(string name, TimeSpan ttl, string ns = "app") =>
        harness.Runs.BackUpAsync(name, new BackupSpec { IncludedNamespaces = [ns], Ttl = ttl });
}
