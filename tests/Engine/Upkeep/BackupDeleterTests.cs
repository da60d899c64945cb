using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Engine.Upkeep;

public sealed class BackupDeleterTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BackupSpec App = new() { IncludedNamespaces = ["app"] };
    private static readonly BackupName One = BackupName.Parse("one");
    private readonly UpkeepHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task A_deletion_killed_at_any_write_can_be_done_again_and_never_shows_half_a_backup()
    {
        string before = Trees.Describe(harness.VolumePath);
        await TwoBackupsAndARestoreAsync();
        string snapshot = await SnapshotOfAsync("one");
        List<string> whole = [.. (await harness.BlobsAsync()).Where(blob => blob.StartsWith("backups/one/", StringComparison.Ordinal))];
        int deaths = 0;
        for (int write = 1; ; write++)
        {
            IBlobStore copy = CopyOfStore($"copy-{write}");
            DyingStore dying = new(copy, write);
            try
            {
                await UpkeepHarness.Deleter(dying).DeleteAsync(One, None);
            }
            catch (BackupException e) when (e.Kind == ErrorKind.Unavailable)
            {
                deaths++;
            }

            if (await new BackupCatalog(copy).ExistsAsync(One, None))
            {
                Assert.Equal(whole, (await UpkeepHarness.BlobsAsync(copy)).Where(blob => blob.StartsWith("backups/one/", StringComparison.Ordinal)));
                Assert.Equal(before, await harness.RestoredDataAsync(copy, "one"));
            }

            // The message comes again; after a death behind the last deletion there is nothing left to do.
            await UpkeepHarness.Deleter(copy).HandleAsync(DeletionRequest.Message(One), None);
            List<string> left = await UpkeepHarness.BlobsAsync(copy);
            Assert.DoesNotContain(left, blob => blob.StartsWith("backups/one/", StringComparison.Ordinal) || blob.StartsWith("restores/of-one/", StringComparison.Ordinal));
            Assert.Contains("restores/of-two/velero-restore.json", left);
            (string data, List<string> snapshots) = await harness.RestoredDataAndSnapshotsAsync(copy, "two");
            Assert.Equal(before, data);
            Assert.DoesNotContain(snapshot, snapshots);
            Directory.Delete(harness.Below($"copy-{write}"), recursive: true);
            if (!dying.IsDead)
            {
                break;
            }
        }

        Assert.True(deaths > 15, $"only {deaths} places to die: the deletion did not do its work");
    }

    [Fact]
    public async Task A_backup_under_way_is_refused_until_it_is_over()
    {
        await harness.Runs.BackupStarter.StartAsync(new VeleroBackup { Metadata = new ObjectMetadata { Name = "one" }, Spec = App }, strict: true, None);
        List<string> before = await harness.BlobsAsync();
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).CheckAsync(One, None))).Kind);
        Assert.Equal(before, await harness.BlobsAsync());
        await harness.Runs.RunToEndAsync();
        BackupDeletionReport report = await UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None);
        Assert.Equal(1, report.ForgottenSnapshots);
        Assert.Empty(report.Notes);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None))).Kind);
    }

    [Fact]
    public async Task A_backup_that_a_restore_reads_is_refused()
    {
        await harness.Runs.BackUpAsync("one", App);
        await harness.Runs.RestoreStarter.StartAsync(new VeleroRestore { Metadata = new ObjectMetadata { Name = "r" }, Spec = new RestoreSpec { BackupName = "one" } }, None);
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<BackupException>(() => new RestoreDeleter(harness.Store).DeleteAsync(RestoreName.Parse("r"), None))).Kind);
        await harness.Runs.RunToEndAsync();
        Assert.Equal(["r"], (await UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None)).Restores);
        Assert.DoesNotContain(await harness.BlobsAsync(), blob => blob.StartsWith("restores/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_leftover_plan_of_a_published_backup_does_not_bring_it_back()
    {
        await harness.Runs.BackupStarter.StartAsync(new VeleroBackup { Metadata = new ObjectMetadata { Name = "one" }, Spec = new BackupSpec { IncludedNamespaces = ["other"] } }, strict: true, None);
        string plan = Path.Combine(harness.StorePath, "backups/one/work/plan.json");
        string kept = await File.ReadAllTextAsync(plan);
        await harness.Runs.RunToEndAsync();
        await harness.PutAsync("backups/one/work/plan.json", kept);
        await harness.PutAsync("metadata/backup-functions/running/backup/one", "");

        await UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None);
        RunHarness fresh = harness.NewProcess();
        await fresh.Dispatcher.SweepAsync(None);
        await fresh.RunToEndAsync();
        Assert.Empty(await harness.BackupNamesAsync());
        Assert.DoesNotContain(await harness.BlobsAsync(), blob => blob.StartsWith("backups/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_that_another_backup_refers_to_stays()
    {
        string before = Trees.Describe(harness.VolumePath);
        await harness.Runs.BackUpAsync("one", App);
        foreach (string file in Directory.GetFiles(Path.Combine(harness.StorePath, "backups/one")))
        {
            string name = Path.GetFileName(file);
            byte[] content = await File.ReadAllBytesAsync(file);
            if (name == "velero-backup.json")
            {
                content = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(content).Replace("\"name\": \"one\"", "\"name\": \"copied\"", StringComparison.Ordinal));
            }

            await harness.Store.PutAsync(BlobName.Parse("backups/copied/" + name.Replace("one-", "copied-", StringComparison.Ordinal).Replace("one.", "copied.", StringComparison.Ordinal)), content, PutCondition.Always, None);
        }

        BackupDeletionReport report = await UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None);
        Assert.Equal(0, report.ForgottenSnapshots);
        Assert.Contains("another backup refers to it", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Equal(before, await harness.RestoredDataAsync(harness.Store, "copied"));
    }

    [Fact]
    public async Task With_damaged_lists_the_snapshots_are_found_by_their_tags()
    {
        string before = Trees.Describe(harness.VolumePath);
        await harness.Runs.BackUpAsync("one", App);
        await harness.Runs.BackUpAsync("two", App);
        string snapshot = await SnapshotOfAsync("one");
        await harness.PutAsync("backups/one/velero-backup.json", "{ half");
        await harness.PutAsync("backups/one/one-podvolumebackups.json.gz", "not gzip");
        await harness.PutAsync("backups/one/one-volumeinfo.json.gz", "not gzip");
        BackupDeletionReport report = await UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None);
        Assert.Equal(1, report.ForgottenSnapshots);
        Assert.DoesNotContain(snapshot, await UpkeepHarness.SnapshotsAsync(harness.Store));
        Assert.Equal(before, await harness.RestoredDataAsync(harness.Store, "two"));
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_the_backup_stays_whole()
    {
        await harness.Runs.BackUpAsync("one", App);
        List<string> before = await harness.BlobsAsync();
        BackupDeleter deleter = new(harness.Store, new RepositoryPassword("wrong"), new VolumeDataOptions(), TimeProvider.System);
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => deleter.DeleteAsync(One, None));
        Assert.Equal(ErrorKind.WrongPassword, error.Kind);
        Assert.Equal(before, await harness.BlobsAsync());
    }

    [Fact]
    public async Task Data_that_lies_elsewhere_is_not_left_behind_unseen()
    {
        await harness.Runs.BackUpAsync("one", new BackupSpec { IncludedNamespaces = ["other"] });
        using MemoryStream packed = new();
        using (System.IO.Compression.GZipStream gzip = new(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("""[{"pvcName":"c","pvcNamespace":"other","backupMethod":"CSISnapshot","snapshotDataMoved":false,"skipped":false}]"""u8);
        }

        await harness.Store.PutAsync(BlobName.Parse("backups/one/one-volumeinfo.json.gz"), packed.ToArray(), PutCondition.Always, None);
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).DeleteAsync(One, None));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Equal(["one"], await harness.BackupNamesAsync());
    }

    [Fact]
    public async Task A_message_for_something_else_is_refused()
    {
        WorkMessage wrong = new() { Run = "backup", Name = "one" };
        Assert.Equal(ErrorKind.InvalidInput, (await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).HandleAsync(wrong, None))).Kind);
        WorkMessage hostile = new() { Run = DeletionRequest.Run, Name = "../kopia" };
        Assert.Equal(ErrorKind.InvalidInput, (await Assert.ThrowsAsync<BackupException>(() => UpkeepHarness.Deleter(harness.Store).HandleAsync(hostile, None))).Kind);
    }

    private async Task TwoBackupsAndARestoreAsync()
    {
        await harness.Runs.BackUpAsync("one", App);
        await harness.Runs.BackUpAsync("two", App);
        await harness.Runs.RestoreAsync("of-one", new RestoreSpec { BackupName = "one", IncludedResources = ["configmaps"] });
        await harness.Runs.RestoreAsync("of-two", new RestoreSpec { BackupName = "two", IncludedResources = ["configmaps"] });
    }

    private async Task<string> SnapshotOfAsync(string backup) =>
        Assert.Single(await new BackupCatalog(harness.Store).ReadPodVolumeBackupsAsync(BackupName.Parse(backup), None)).Status.SnapshotId!;

    private IBlobStore CopyOfStore(string name)
    {
        string target = harness.Below(name);
        foreach (string file in Directory.GetFiles(harness.StorePath, "*", SearchOption.AllDirectories))
        {
            string path = Path.Combine(target, Path.GetRelativePath(harness.StorePath, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // every blob has a folder
            File.Copy(file, path);
        }

        return BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + target), null, new BlobStoreOptions(), TimeProvider.System);
    }
}
