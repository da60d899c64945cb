using System.Text.Json;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class VolumeDataRepositoryTests : IDisposable
{
    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_new_repository_is_what_Velero_expects()
    {
        await using VolumeDataRepository repository = await _run.OpenAsync();

        RepositoryFormat format = repository.Repository.Format;
        Assert.Equal((3, "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-4M-BUZHASH"), (format.FormatVersion, format.Hash, format.Encryption, format.Splitter));
        Assert.Equal($$"""{"uniqueID":"{{format.UniqueId}}"}""", await File.ReadAllTextAsync(_run.Files["bucket/kopia/arr/udmrepo.Repository"]));
        ManifestEntry maintenance = Assert.Single(await repository.Repository.FindManifestsAsync(new Dictionary<string, string> { ["type"] = "maintenance" }, CancellationToken.None));
        using JsonDocument json = maintenance.ParseJson();
        Assert.Equal("default@default", json.RootElement.GetProperty("owner").GetString());
    }

    [Fact]
    public async Task A_snapshot_is_filed_as_Velero_files_it()
    {
        _run.Change("echo x >f");
        VolumeSnapshotResult result;
        await using (VolumeDataRepository writing = await _run.OpenAsync())
        {
            result = await writing.BackupAsync(SnapshotRun.Volume, _run.Files["volume"], new Dictionary<string, string> { ["backup"] = "b1" }, null, CancellationToken.None);
        }

        await using VolumeDataRepository repository = await _run.OpenAsync();
        ManifestEntry? manifest = await repository.Repository.TryGetManifestAsync(result.SnapshotId, CancellationToken.None);
        TreeSnapshot snapshot = Assert.Single(await repository.ListAsync(CancellationToken.None));
        IReadOnlyList<ManifestEntry> policies = await repository.Repository.FindManifestsAsync(new Dictionary<string, string> { ["type"] = "policy" }, CancellationToken.None);

        Assert.Equal(
            "backup=b1 hostname=default path=snapshot-pod-volume/kopia/arr/sonarr-0/config snapshot-requester=snapshot-pod-volume snapshot-uploader=kopia type=snapshot username=default",
            string.Join(' ', manifest!.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}")));
        Assert.Equal(["velero-pin"], snapshot.Pins);
        Assert.Equal("Kopia Uploader", snapshot.Description);
        Assert.True(snapshot.IsComplete);
        Assert.Equal("snapshot-pod-volume/kopia/arr/sonarr-0/config", Assert.Single(policies).Labels["path"]);
    }

    [Fact]
    public async Task The_policy_is_written_once()
    {
        await _run.BackupAsync();
        await _run.BackupAsync();

        await using VolumeDataRepository repository = await _run.OpenAsync();
        Assert.Single(await repository.Repository.FindManifestsAsync(new Dictionary<string, string> { ["type"] = "policy" }, CancellationToken.None));
        Assert.Equal(2, (await repository.ListAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Of_many_creators_all_get_the_same_repository()
    {
        VolumeDataRepository[] opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _run.OpenAsync())));

        Assert.Single(opened.Select(static repository => repository.Repository.Format.UniqueId).Distinct());
        foreach (VolumeDataRepository repository in opened)
        {
            await repository.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_backups_at_once_are_both_kept()
    {
        _run.Change("for i in $(seq 1 200); do echo $i >f$i; done");

        VolumeSnapshotResult[] results = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => _run.BackupAsync(volume: new VolumeIdentity("arr", "pod", "claim" + i)))));

        await using VolumeDataRepository repository = await _run.OpenAsync();
        Assert.Equal(results.Select(static result => result.SnapshotId).Order(), (await repository.ListAsync(CancellationToken.None)).Select(static snapshot => snapshot.Id).Order());
        foreach (VolumeSnapshotResult result in results)
        {
            _run.Files.Shell("rm -rf restored");
            Assert.Empty((await _run.RestoreAsync(result.SnapshotId)).Problems);
            Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
        }
    }

    [Fact]
    public async Task A_forgotten_snapshot_is_gone_and_a_missing_one_is_no_error()
    {
        VolumeSnapshotResult first = await _run.BackupAsync();
        VolumeSnapshotResult second = await _run.BackupAsync();
        await using VolumeDataRepository repository = await _run.OpenAsync();

        await repository.ForgetAsync([first.SnapshotId, ManifestId.NewRandom()], CancellationToken.None);

        Assert.Equal([second.SnapshotId], (await repository.ListAsync(CancellationToken.None)).Select(static snapshot => snapshot.Id));
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => repository.GetAsync(first.SnapshotId, CancellationToken.None));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        await using VolumeDataRepository again = await _run.OpenAsync();
        Assert.Single(await again.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_snapshot_that_another_process_just_took_is_found()
    {
        await using VolumeDataRepository open = await _run.OpenAsync();
        VolumeSnapshotResult taken = await _run.BackupAsync();

        Assert.Equal(taken.SnapshotId, (await open.GetAsync(taken.SnapshotId, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task The_wrong_password_is_said_to_be_wrong_and_shown_nowhere()
    {
        await (await _run.OpenAsync()).DisposeAsync();
        RepositoryPassword wrong = new(" hunter2\n");

        BackupException error = await Assert.ThrowsAsync<BackupException>(() => VolumeDataRepository.OpenOrCreateAsync(
            _run.Bucket, "arr", wrong, new VolumeDataOptions(), TimeProvider.System, CancellationToken.None));

        Assert.Equal(ErrorKind.WrongPassword, error.Kind);
        Assert.DoesNotContain("hunter2", $"{error} {wrong}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task White_space_around_the_password_does_not_count()
    {
        await (await _run.OpenAsync()).DisposeAsync();

        await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(
            _run.Bucket, "arr", new RepositoryPassword("static-passw0rd\n"), new VolumeDataOptions(), TimeProvider.System, CancellationToken.None);

        Assert.Empty(await repository.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_not_made_by_opening_it()
    {
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => VolumeDataRepository.OpenAsync(
            _run.Bucket, "arr", RepositoryPassword.VeleroDefault, new VolumeDataOptions(), TimeProvider.System, CancellationToken.None));

        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.False(Directory.Exists(_run.Files["bucket/kopia"]));
    }

    [Fact]
    public async Task A_repository_marked_as_another_one_is_refused()
    {
        await (await _run.OpenAsync()).DisposeAsync();
        await File.WriteAllTextAsync(_run.Files["bucket/kopia/arr/udmrepo.Repository"], """{"uniqueID":"AAAA"}""");

        await Assert.ThrowsAsync<RepositoryCorruptException>(() => _run.OpenAsync());
    }

    [Fact]
    public async Task A_creation_that_broke_off_is_completed()
    {
        await (await _run.OpenAsync()).DisposeAsync();
        File.Delete(_run.Files["bucket/kopia/arr/udmrepo.Repository"]);

        await (await _run.OpenAsync()).DisposeAsync();

        Assert.True(File.Exists(_run.Files["bucket/kopia/arr/udmrepo.Repository"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    public void A_namespace_that_is_none_is_refused(string name) =>
        Assert.Equal(ErrorKind.InvalidInput, Assert.Throws<BackupException>(() => VolumeDataRepository.FolderOf(name)).Kind);

    [Fact]
    public async Task A_volume_that_is_not_mounted_fails_and_leaves_no_snapshot()
    {
        await using VolumeDataRepository repository = await _run.OpenAsync();

        FileSystemException error = await Assert.ThrowsAsync<FileSystemException>(() => repository.BackupAsync(
            SnapshotRun.Volume, _run.Files["nothing"], new Dictionary<string, string>(), null, CancellationToken.None));

        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Empty(await repository.ListAsync(CancellationToken.None));
    }
}
