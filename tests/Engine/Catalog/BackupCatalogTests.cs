using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage.Folder;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class BackupCatalogTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Lists_what_Velero_wrote_and_skips_folders_without_a_Backup_object()
    {
        using CatalogFolder folder = new();
        foreach (string backup in new[] { "t4", "t1", "t3", "v2" })
        {
            await folder.AddRecordedAsync(backup);
        }

        await folder.PutAsync("backups/running/work/plan.json", "{}");
        List<BackupEntry> entries = await ToListAsync(new BackupCatalog(folder.Store).ListAsync(None));
        Assert.Equal(["t1", "t3", "t4", "v2"], entries.Select(entry => entry.Name));
        Assert.All(entries, entry => Assert.Equal(BackupPhase.Completed, entry.Backup?.Status.Phase));
        Assert.Equal("el", entries[1].Backup?.Metadata.Label("lab"));
    }

    [Theory]
    [InlineData("{ \"kind\": \"Backup\", ")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"metadata\":{\"name\":\"other\"}}")]
    public async Task A_damaged_backup_is_listed_as_such_and_hides_no_other(string damage)
    {
        using CatalogFolder folder = new();
        await folder.AddRecordedAsync("t1");
        await folder.PutAsync("backups/broken/velero-backup.json", damage);
        BackupCatalog catalog = new(folder.Store);
        List<BackupEntry> entries = await ToListAsync(catalog.ListAsync(None));
        Assert.Equal(["broken", "t1"], entries.Select(entry => entry.Name));
        Assert.Null(entries[0].Backup);
        Assert.Contains("backups/broken/velero-backup.json", entries[0].Problem!.Message, StringComparison.Ordinal);
        Assert.NotNull(entries[1].Backup);
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => catalog.GetAsync(BackupName.Parse("broken"), None));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
    }

    [Fact]
    public async Task Many_backups_come_in_the_order_of_their_names()
    {
        using CatalogFolder folder = new();
        List<string> names = [.. Enumerable.Range(0, 100).Select(number => $"b{number:D3}")];
        foreach (string name in names)
        {
            await folder.PutAsync($"backups/{name}/velero-backup.json", $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        }

        List<BackupEntry> entries = await ToListAsync(new BackupCatalog(folder.Store).ListAsync(None));
        Assert.Equal(names, entries.Select(entry => entry.Name));
    }

    [Fact]
    public async Task Reads_the_volume_backups_of_Velero()
    {
        BackupCatalog catalog = new(Recorded("v2"));
        BackupName name = BackupName.Parse("v2");
        IReadOnlyList<PodVolumeBackup> backups = await catalog.ReadPodVolumeBackupsAsync(name, None);
        Assert.Equal(["config", "scratch"], backups.Select(backup => backup.Spec.Volume).Order());
        PodVolumeBackup config = backups.Single(backup => backup.Spec.Volume == "config");
        Assert.Equal("config", config.PvcName);
        Assert.Equal("5062587166f85ac5b429417e5a7bd979", config.Status.SnapshotId);
        Assert.Equal(9437235, config.Status.Progress.TotalBytes);
        Assert.True(config.HasData);

        IReadOnlyList<BackupVolumeInfo> infos = await catalog.ReadVolumeInfosAsync(name, None);
        Assert.Equal("Retain", infos.Single(info => info.PvName == "pv-a").PvInfo?.ReclaimPolicy);
        Assert.Empty((await catalog.ReadResultsAsync(name, None)).Warnings.Namespaces ?? new Dictionary<string, IReadOnlyList<string>>());
        Assert.Equal(["vol/app"], (await catalog.ReadResourceListAsync(name, None))["v1/Pod"]);
        Assert.Empty(await catalog.ReadVolumeSnapshotsAsync(name, None));
    }

    [Fact]
    public async Task Everything_but_the_Backup_object_and_the_tarball_may_be_missing()
    {
        using CatalogFolder folder = new();
        await folder.PutAsync("backups/old/velero-backup.json", """{"metadata":{"name":"old"}}""");
        BackupCatalog catalog = new(folder.Store);
        BackupName name = BackupName.Parse("old");
        Assert.Empty(await catalog.ReadPodVolumeBackupsAsync(name, None));
        Assert.Empty(await catalog.ReadVolumeInfosAsync(name, None));
        Assert.Empty(await catalog.ReadItemOperationsAsync(name, None));
        Assert.Empty(await catalog.ReadResourceListAsync(name, None));
        Assert.Equal(0, (await catalog.ReadResultsAsync(name, None)).Errors.Count);
        Assert.Null(await catalog.TryOpenLogAsync(name, None));
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => ToListAsync(catalog.ReadItemsAsync(name, null, None)));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains("backups/old/old.tar.gz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_optional_file_is_an_error_and_not_an_empty_one()
    {
        using CatalogFolder folder = new();
        await folder.AddRecordedAsync("v2");
        byte[] packed = await folder.ReadAsync("backups/v2/v2-podvolumebackups.json.gz");
        await folder.PutAsync("backups/v2/v2-podvolumebackups.json.gz", packed[..(packed.Length / 2)]);
        BackupException error = await Assert.ThrowsAsync<BackupException>(
            () => new BackupCatalog(folder.Store).ReadPodVolumeBackupsAsync(BackupName.Parse("v2"), None));
        Assert.Equal(ErrorKind.Corrupt, error.Kind);
    }

    [Fact]
    public async Task Reads_the_log_as_text()
    {
        await using Stream? log = await new BackupCatalog(Recorded("t1")).TryOpenLogAsync(BackupName.Parse("t1"), None);
        using StreamReader reader = new(log!, Encoding.UTF8);
        Assert.StartsWith("time=\"2026-11-22T09:12:50Z\" level=info msg=\"Setting up backup temp file\" backup=velero/t1", await reader.ReadLineAsync(None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_backup_is_null_or_not_found()
    {
        using CatalogFolder folder = new();
        BackupCatalog catalog = new(folder.Store);
        BackupName name = BackupName.Parse("nothing");
        Assert.Null(await catalog.TryGetAsync(name, None));
        Assert.False(await catalog.ExistsAsync(name, None));
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => catalog.GetAsync(name, None));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public async Task Deleting_leaves_nothing_of_the_backup_and_everything_of_the_others()
    {
        using CatalogFolder folder = new();
        await folder.AddRecordedAsync("t1");
        await folder.AddRecordedAsync("v2");
        await folder.PutAsync("backups/t1x/velero-backup.json", "{}");
        BackupCatalog catalog = new(folder.Store);
        await catalog.DeleteRemainsAsync(BackupName.Parse("t1"), None);
        await catalog.DeleteRemainsAsync(BackupName.Parse("t1"), None);
        List<string> left = await folder.ListAsync();
        Assert.DoesNotContain(left, name => name.StartsWith("backups/t1/", StringComparison.Ordinal));
        Assert.Contains("backups/t1x/velero-backup.json", left);
        Assert.Equal(9, left.Count(name => name.StartsWith("backups/v2/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hidden_backup_is_found_as_a_remainder_that_still_tells_its_snapshots()
    {
        using CatalogFolder folder = new();
        await folder.AddRecordedAsync("v2");
        await folder.AddRecordedAsync("t1");
        await folder.PutAsync("backups/running/work/plan.json", "{}");
        BackupCatalog catalog = new(folder.Store);
        BackupName name = BackupName.Parse("v2");
        await catalog.HideAsync(name, None);
        Assert.Equal(["t1"], (await ToListAsync(catalog.ListAsync(None))).Select(entry => entry.Name));

        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddHours(1);
        Assert.Equal([name], await ToListAsync(catalog.ListRemainsAsync(later, None)));
        Assert.Equal(2, (await catalog.ReadPodVolumeBackupsAsync(name, None)).Count);
        Assert.Empty(await ToListAsync(catalog.ListRemainsAsync(later.AddDays(-1), None)));
    }

    [Theory]
    [InlineData("t1")]
    [InlineData("v2")]
    public async Task What_is_published_equals_what_Velero_wrote(string recorded)
    {
        BackupCatalog original = new(Recorded(recorded));
        BackupName name = BackupName.Parse(recorded);
        using CatalogFolder folder = new();
        byte[] tarball = VeleroFixture.BackupFile(recorded, $"{recorded}.tar.gz");
        BackupFiles files = new()
        {
            Backup = await original.GetAsync(name, None),
            OpenContents = _ => Task.FromResult<Stream>(new MemoryStream(tarball)),
            OpenLog = _ => Task.FromResult<Stream>(new MemoryStream([1, 2, 3])),
            PodVolumeBackups = await original.ReadPodVolumeBackupsAsync(name, None),
            VolumeInfos = await original.ReadVolumeInfosAsync(name, None),
            Results = await original.ReadResultsAsync(name, None),
            ResourceList = await original.ReadResourceListAsync(name, None),
        };
        Publication first = await new BackupFilesWriter(folder.Store).WriteAsync(files, None);
        Assert.Equal(new Publication(true, null), first);

        IEnumerable<string> expected = Directory.EnumerateFiles(VeleroFixture.BackupFolder(recorded)).Select(path => $"backups/{recorded}/{Path.GetFileName(path)}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), await folder.ListAsync());
        Assert.Equal(
            Encoding.UTF8.GetString(VeleroFixture.BackupFile(recorded, "velero-backup.json")).TrimEnd(),
            Encoding.UTF8.GetString(await folder.ReadAsync($"backups/{recorded}/velero-backup.json")));
        foreach (string file in new[] { "podvolumebackups.json.gz", "volumesnapshots.json.gz", "itemoperations.json.gz", "resource-list.json.gz", "results.gz", "volumeinfo.json.gz" })
        {
            string wrote = Unpack(await folder.ReadAsync($"backups/{recorded}/{recorded}-{file}"));
            string velero = Encoding.UTF8.GetString(VeleroFixture.BackupFile(recorded, $"{recorded}-{file}"));
            Assert.Equal(JsonNode.Parse(velero)?.ToJsonString(), JsonNode.Parse(wrote)?.ToJsonString());
        }
    }

    [Fact]
    public async Task A_backup_that_is_there_is_not_touched()
    {
        using CatalogFolder folder = new();
        await folder.AddRecordedAsync("t1");
        byte[] before = await folder.ReadAsync("backups/t1/t1.tar.gz");
        BackupFiles files = new()
        {
            Backup = new VeleroBackup { Metadata = new ObjectMetadata { Name = "t1" } },
            OpenContents = _ => throw new InvalidOperationException("must not be opened"),
            OpenLog = _ => throw new InvalidOperationException("must not be opened"),
        };
        Assert.False((await new BackupFilesWriter(folder.Store).WriteAsync(files, None)).Published);
        Assert.Equal(before, await folder.ReadAsync("backups/t1/t1.tar.gz"));
    }

    [Fact]
    public async Task Of_many_publishers_exactly_one_wins()
    {
        using CatalogFolder folder = new();
        BackupFiles files = new()
        {
            Backup = new VeleroBackup { Metadata = new ObjectMetadata { Name = "race" } },
            OpenContents = _ => Task.FromResult<Stream>(new MemoryStream(ItemTarWriter.EndPart())),
            OpenLog = _ => Task.FromResult<Stream>(new MemoryStream([])),
        };
        Publication[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new BackupFilesWriter(folder.Store).WriteAsync(files, None)));
        Assert.Equal(1, all.Count(publication => publication.Published));
    }

    [Fact]
    public async Task A_log_that_cannot_be_stored_is_reported_and_does_not_fail_the_backup()
    {
        using CatalogFolder folder = new();
        BackupException broken = new(ErrorKind.Unavailable, "no log", "none");
        BackupFiles files = new()
        {
            Backup = new VeleroBackup { Metadata = new ObjectMetadata { Name = "a" } },
            OpenContents = _ => Task.FromResult<Stream>(new MemoryStream(ItemTarWriter.EndPart())),
            OpenLog = _ => Task.FromException<Stream>(broken),
        };
        Assert.Equal(new Publication(true, broken), await new BackupFilesWriter(folder.Store).WriteAsync(files, None));
    }

    private static FolderBlobStore Recorded(string backup) =>
        new(VeleroFixture.PathOf(backup == "v2" ? "volumes-bucket" : "namespace-bucket"), TimeProvider.System);

    private static string Unpack(byte[] packed)
    {
        using System.IO.Compression.GZipStream unzip = new(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        using StreamReader reader = new(unzip);
        return reader.ReadToEnd();
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> source)
    {
        List<T> all = [];
        await foreach (T item in source)
        {
            all.Add(item);
        }

        return all;
    }
}
