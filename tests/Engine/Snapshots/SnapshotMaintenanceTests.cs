using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage.S3;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Engine.Repository;
using BackupFunctions.Tests.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Full maintenance of trees: what no snapshot needs goes, what one needs stays (M1 to M7).</summary>
public sealed class SnapshotMaintenanceTests : IDisposable
{
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MaintainedTrees _trees;
    private readonly MemoryBlobStore _store;

    public SnapshotMaintenanceTests()
    {
        _trees = new MaintainedTrees { Time = _time };
        _store = new MemoryBlobStore { Time = _time };
    }

    public void Dispose() => _trees.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task The_space_of_forgotten_snapshots_comes_back_at_once_when_nobody_else_is_there(int version)
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store, version))
        {
            _trees.Fill(random, "kept", 20, 20_000);
            await _trees.SnapshotAsync(repository);
            _trees.Fill(random, "gone", 20, 100_000);
            ManifestId gone = await _trees.SnapshotAsync(repository);
            await _trees.ForgetAsync(repository, gone);
        }

        long before = _store.TotalBytes;
        MaintenanceReport report = await _trees.MaintainAsync(_store, MaintainedTrees.AtOnce);

        Assert.InRange(_store.TotalBytes, 400_000, 600_000);
        Assert.InRange(report.FreedBytes, 2_000_000, before + 100_000);
        Assert.Empty(await _trees.FindBrokenAsync(_store));
    }

    [Theory]
    [InlineData(3, "xn")]
    [InlineData(1, "n")]
    public async Task Marks_of_a_run_that_died_go_at_once_though_they_may_lie_a_second_ahead(int version, string indexPrefix)
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store, version))
        {
            _trees.Fill(random, "a", 5, 100_000);
            ManifestId gone = await _trees.SnapshotAsync(repository);
            await _trees.ForgetAsync(repository, gone);
        }

        await Assert.ThrowsAsync<BackupException>(() => _trees.MaintainAsync(DyingAfter(indexPrefix), MaintainedTrees.AtOnce));
        Assert.InRange(_store.TotalBytes, 500_000, 600_000);

        await _trees.MaintainAsync(_store, MaintainedTrees.AtOnce);
        Assert.InRange(_store.TotalBytes, 1, 100_000);
    }

    [Fact]
    public async Task Deletions_are_not_made_final_for_a_time_far_ahead()
    {
        ManualTimeProvider fast = new(_time.GetUtcNow().AddDays(10));
        Random random = TestSeed.Random();
        await using (KopiaRepository created = await _trees.CreateAsync(_store))
        {
        }

        await using (KopiaRepository writer = await RepositoryRun.OpenAsync(_store, time: fast))
        {
            _trees.Fill(random, "a", 5, 100_000);
            ManifestId gone = await _trees.SnapshotAsync(writer);
            await _trees.ForgetAsync(writer, gone);
        }

        await _trees.MaintainAsync(_store, MaintainedTrees.AtOnce);

        string watermark = Assert.Single(_store.Names, static name => name.StartsWith("xw", StringComparison.Ordinal));
        long latest = _time.GetUtcNow().Add(MaintenanceRules.MaxClockSkew).ToUnixTimeSeconds();
        Assert.InRange(long.Parse(watermark[2..], System.Globalization.CultureInfo.InvariantCulture), 1, latest);
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task The_space_comes_back_on_an_object_store()
    {
        Random random = TestSeed.Random();
        using MaintainedTrees trees = new();
        S3BlobStore store = await GatewayStore.CreateAsync("kopia/app/");
        await using (KopiaRepository repository = await trees.CreateAsync(store))
        {
            trees.Fill(random, "kept", 5, 20_000);
            await trees.SnapshotAsync(repository);
            trees.Fill(random, "gone", 10, 100_000);
            ManifestId gone = await trees.SnapshotAsync(repository);
            await trees.ForgetAsync(repository, gone);
        }

        MaintenanceReport report = await trees.MaintainAsync(store, MaintainedTrees.AtOnce);

        Assert.True(report.FreedBytes > 1_000_000);
        Assert.Empty(await trees.FindBrokenAsync(store));
    }

    [Fact]
    public async Task M3_a_content_goes_for_good_only_after_two_collections_that_lie_apart()
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store))
        {
            _trees.Fill(random, "a", 5, 100_000);
            ManifestId gone = await _trees.SnapshotAsync(repository);
            await _trees.ForgetAsync(repository, gone);
        }

        List<long> bytes = [];
        foreach (double hours in (double[])[1, 24, 2, 25, 1])
        {
            _time.Advance(TimeSpan.FromHours(hours));
            await _trees.MaintainAsync(_store, MaintainedTrees.Careful);
            bytes.Add(_store.TotalBytes);
        }

        Assert.All(bytes[..3], size => Assert.InRange(size, 500_000, 600_000)); // too young; marked; too soon after
        Assert.InRange(bytes[4], 1, 100_000);
    }

    [Fact]
    public async Task M3_a_snapshot_that_found_a_content_before_it_was_marked_keeps_it()
    {
        Random random = TestSeed.Random();
        await using KopiaRepository writer = await _trees.CreateAsync(_store);
        _trees.Fill(random, "a", 5, 100_000);
        ManifestId gone = await _trees.SnapshotAsync(writer);
        await _trees.ForgetAsync(writer, gone);
        _time.Advance(TimeSpan.FromHours(25));
        await writer.RefreshAsync(CancellationToken.None);
        await _trees.MaintainAsync(_store, MaintainedTrees.Careful); // marks
        await _trees.SnapshotAsync(writer); // whose view knows nothing of the marks
        foreach (double hours in (double[])[5, 25, 25])
        {
            _time.Advance(TimeSpan.FromHours(hours));
            await _trees.MaintainAsync(_store, MaintainedTrees.Careful);
        }

        Assert.Empty(await _trees.FindBrokenAsync(_store));
    }

    [Fact]
    public async Task W10_what_went_for_good_can_be_written_again_by_a_slow_clock()
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store))
        {
            _trees.Fill(random, "a", 5, 100_000);
            ManifestId gone = await _trees.SnapshotAsync(repository);
            await _trees.ForgetAsync(repository, gone);
        }

        await _trees.MaintainAsync(_store, MaintainedTrees.AtOnce);
        _time.Advance(TimeSpan.FromMinutes(1));
        await using (KopiaRepository slow = await RepositoryRun.OpenAsync(_store, time: new ManualTimeProvider(_time.GetUtcNow().AddMinutes(-4))))
        {
            await _trees.SnapshotAsync(slow);
        }

        Assert.Empty(await _trees.FindBrokenAsync(_store));
    }

    [Fact]
    public async Task M1_nothing_is_deleted_when_a_snapshot_cannot_be_read()
    {
        Random random = TestSeed.Random();
        ManifestId unreadable;
        await using (KopiaRepository repository = await _trees.CreateAsync(_store))
        {
            _trees.Fill(random, "a", 3, 100_000);
            ManifestId gone = await _trees.SnapshotAsync(repository);
            await _trees.ForgetAsync(repository, gone);
            await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
            Dictionary<string, string> labels = new() { ["type"] = "snapshot", ["hostname"] = "h", ["username"] = "u", ["path"] = "/p" };
            unreadable = session.PutManifest(labels, """{"rootEntry":{"mode":7}}"""u8.ToArray());
            await session.FlushAsync(CancellationToken.None);
        }

        long before = _store.TotalBytes;
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => _trees.MaintainAsync(_store, MaintainedTrees.AtOnce));

        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains(unreadable.ToString(), error.Message, StringComparison.Ordinal);
        Assert.True(_store.TotalBytes >= before);
    }

    [Fact]
    public async Task M1_an_unreadable_directory_is_named_with_its_snapshot_and_path()
    {
        Random random = TestSeed.Random();
        ManifestId broken;
        await using (KopiaRepository repository = await _trees.CreateAsync(_store))
        {
            _trees.Fill(random, "a/b/c", 3, 1000);
            broken = await _trees.SnapshotAsync(repository);
        }

        string pack = Assert.Single(_store.Names, static name => name.StartsWith('q'));
        byte[] damaged = [.. _store.Get(pack)];
        damaged.AsSpan(32, 200).Clear();
        _store.Set(pack, damaged);
        BackupException error = await Assert.ThrowsAnyAsync<BackupException>(() => _trees.MaintainAsync(_store, MaintainedTrees.AtOnce));

        Assert.Equal(ErrorKind.Corrupt, error.Kind);
        Assert.Contains(broken.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M4_packs_of_a_writer_that_is_at_work_stay()
    {
        Random random = TestSeed.Random();
        await using KopiaRepository repository = await _trees.CreateAsync(_store);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        byte[] bytes = RepositoryRun.RandomBytes(random, 700_000);
        ObjectId id = await session.WriteObjectAsync(new MemoryStream(bytes), ObjectKind.File, CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(90));
        await _trees.MaintainAsync(_store, MaintainedTrees.Careful);
        await session.FlushAsync(CancellationToken.None);

        Assert.Equal(bytes, await RepositoryRun.ReadAsync(repository, id));
    }

    [Fact]
    public async Task M4_packs_and_markers_of_a_writer_that_died_go_after_four_days()
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store))
        {
            WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
            await session.WriteObjectAsync(new MemoryStream(RepositoryRun.RandomBytes(random, 1_000_000)), ObjectKind.File, CancellationToken.None);
            while (!_store.Names.Any(static name => name.StartsWith('p')))
            {
                await Task.Yield(); // packs are uploaded in the background
            }

            await session.DisposeAsync();
        }

        _time.Advance(TimeSpan.FromHours(97));
        await _trees.MaintainAsync(_store, MaintainedTrees.Careful);

        Assert.DoesNotContain(_store.Names, static name => name[0] is 'p' or 's');
    }

    [Fact]
    public async Task M5_packs_that_a_killed_run_emptied_stay_for_an_hour()
    {
        Random random = TestSeed.Random();
        await using (KopiaRepository repository = await _trees.CreateAsync(_store))
        {
            foreach (string folder in (string[])["a", "b"])
            {
                _trees.Fill(random, folder, 3, 50_000);
                await _trees.SnapshotAsync(repository);
            }
        }

        List<string> emptied = [.. _store.Names.Where(static name => name.StartsWith('p'))];
        Assert.Equal(2, emptied.Count);
        _time.Advance(TimeSpan.FromHours(25));
        await Assert.ThrowsAsync<BackupException>(() => _trees.MaintainAsync(DyingAfter("xn", afterPut: "p"), MaintainedTrees.Careful));

        _time.Advance(TimeSpan.FromMinutes(50));
        MaintenanceReport early = await _trees.MaintainAsync(_store, MaintainedTrees.Careful);
        Assert.NotNull(early.Tasks.Single(static task => task.Task == TaskNames.FullDeleteBlobs).Skipped);
        Assert.Subset(_store.Names.ToHashSet(), emptied.ToHashSet());

        _time.Advance(TimeSpan.FromMinutes(70));
        await _trees.MaintainAsync(_store, MaintainedTrees.Careful);
        Assert.Empty(_store.Names.Intersect(emptied));
        Assert.Empty(await _trees.FindBrokenAsync(_store));
    }

    [Fact]
    public async Task M7_somebody_elses_repository_is_left_alone()
    {
        await using KopiaRepository repository = await _trees.CreateAsync(_store);
        SnapshotMaintenance maintenance = new(repository);
        await maintenance.RunAsync(MaintainedTrees.Careful with { Identity = "a@b", TakeOwnership = true }, CancellationToken.None);

        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => maintenance.RunAsync(MaintainedTrees.Careful, CancellationToken.None));
        MaintenanceReport forced = await maintenance.RunAsync(MaintainedTrees.Careful with { Force = true }, CancellationToken.None);

        Assert.Equal(ErrorKind.Conflict, refused.Kind);
        Assert.Contains("a@b", refused.Message, StringComparison.Ordinal);
        Assert.True(forced.WasDue);
        Assert.Equal("a@b", (await maintenance.GetStatusAsync(CancellationToken.None)).Owner);
    }

    [Fact]
    public async Task What_is_due_follows_from_the_schedule()
    {
        await using (KopiaRepository created = await _trees.CreateAsync(_store))
        {
        }

        List<MaintenanceMode> modes = [];
        foreach (double hours in (double[])[0, 0.5, 1, 23, 1])
        {
            _time.Advance(TimeSpan.FromHours(hours));
            modes.Add((await _trees.MaintainAsync(_store, new MaintenanceOptions())).Mode);
        }

        Assert.Equal([MaintenanceMode.Full, MaintenanceMode.Auto, MaintenanceMode.Quick, MaintenanceMode.Full, MaintenanceMode.Quick], modes);
    }

    [Fact]
    public async Task A_run_that_was_stopped_stays_due()
    {
        await using KopiaRepository repository = await _trees.CreateAsync(_store);
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new RepositoryMaintenance(repository).RunAsync(new MaintenanceOptions(), StopAsync, stop.Token));

        Assert.Equal(MaintenanceMode.Full, (await _trees.MaintainAsync(_store, new MaintenanceOptions())).Mode);
        Assert.Equal(MaintenanceMode.Auto, (await _trees.MaintainAsync(_store, new MaintenanceOptions())).Mode);

        async Task StopAsync(UsedContents used, CancellationToken token)
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_store_whose_clock_is_wrong_is_not_maintained()
    {
        MemoryBlobStore store = new() { Time = new ManualTimeProvider(_time.GetUtcNow().AddMinutes(6)) };
        await using KopiaRepository repository = await _trees.CreateAsync(store);

        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => new SnapshotMaintenance(repository).RunAsync(MaintainedTrees.Careful, CancellationToken.None));

        Assert.Equal(ErrorKind.Conflict, refused.Kind);
    }

    /// <summary>The store for somebody who dies after the first put of a kind that follows a put of another.</summary>
    private ObservedBlobStore DyingAfter(string prefix, string afterPut = "")
    {
        bool isDead = false;
        ObservedBlobStore dying = new(_store);
        dying.Fault = call =>
        {
            StoreFault fault = isDead ? StoreFault.FailBefore : StoreFault.None;
            isDead |= call.Operation == StoreOperation.Put && call.Name.StartsWith(prefix, StringComparison.Ordinal) && dying.Count(StoreOperation.Put, afterPut) > 0;
            return fault;
        };
        return dying;
    }
}
