using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Maintenance;

/// <summary>Full maintenance makes object locks last longer, where the repository's parameters ask for it.</summary>
public sealed class LockExtenderTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Period = TimeSpan.FromDays(3);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MemoryBlobStore _blobs;
    private readonly LockRecordingStore _store;

    public LockExtenderTests()
    {
        _blobs = new MemoryBlobStore { Time = _time };
        _store = new LockRecordingStore(_blobs);
    }

    [Theory]
    [InlineData(3, MaintenanceMode.Full, true, true)]
    [InlineData(1, MaintenanceMode.Full, true, true)]
    [InlineData(3, MaintenanceMode.Full, false, false)]
    [InlineData(3, MaintenanceMode.Quick, true, false)]
    public async Task Locks_are_extended_by_full_maintenance_if_the_parameters_say_so(int version, MaintenanceMode mode, bool isWanted, bool isExpected)
    {
        await using KopiaRepository repository = await CreateAsync(_store, version, isWanted, _time);
        List<string> before = [.. _store.Locks.Keys];
        _time.Advance(TimeSpan.FromHours(47));

        MaintenanceReport report = await new SnapshotMaintenance(repository).RunAsync(new MaintenanceOptions { Mode = mode }, None);

        DateTimeOffset expected = _time.GetUtcNow() + Period - (isExpected ? TimeSpan.Zero : TimeSpan.FromHours(47));
        Assert.All(before.Where(_blobs.Names.Contains), name => Assert.Equal(new BlobLock(BlobLockMode.Governance, expected), _store.Locks[name]));
        Assert.All(_store.Locks.Keys, static name => Assert.True(RetentionBlobStore.IsLocked(BlobName.Parse(name))));
        Assert.Equal(isExpected, report.Tasks.Any(static task => task.Task == TaskNames.ExtendRetention));
    }

    [Fact]
    public async Task A_blob_that_went_is_passed_over_and_one_that_is_refused_is_told_after_the_others()
    {
        RetentionBlobStore store = new(_store, new RetentionConfig { Mode = "GOVERNANCE", Period = Period.Ticks * 100 }, _time);
        for (int i = 0; i < 40; i++)
        {
            await store.PutAsync(BlobName.Parse($"p{i}-s1"), new byte[1], PutCondition.Always, None);
        }

        _store.Refusals["p3-s1"] = ErrorKind.NotFound;
        _time.Advance(TimeSpan.FromHours(1));
        MaintenanceTaskReport report = await new LockExtender(store, Day).RunAsync(None);
        Assert.Equal(("extendedBlob", 39L), (report.Figures[0].Name, report.Figures[0].Count));

        _store.Refusals["p0-s1"] = ErrorKind.AccessDenied;
        _time.Advance(TimeSpan.FromHours(1));
        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => new LockExtender(store, Day).RunAsync(None));
        Assert.Equal(ErrorKind.AccessDenied, refused.Kind);
        Assert.Contains("p0-s1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(38, _store.Locks.Values.Count(put => put.Until == _time.GetUtcNow() + Period));
    }

    [Theory]
    [InlineData(48, false)]
    [InlineData(47, true)]
    public async Task Locks_that_may_end_before_the_next_run_are_a_problem(int hours, bool isProblem)
    {
        RetentionBlobStore store = new(_store, new RetentionConfig { Mode = "COMPLIANCE", Period = TimeSpan.FromHours(hours).Ticks * 100 }, _time);

        Assert.Equal(isProblem, (await new LockExtender(store, Day).RunAsync(None)).Problems.Count > 0);
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task A_real_bucket_extends_locks_and_keeps_longer_ones()
    {
        S3StoreUrl url = await GatewayStore.NewLockingUrlAsync();
        using AmazonS3Client client = (await SharedPeers.S3GatewayAsync()).CreateClient();
        IBlobStore store = BlobStoreFactory.Open(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        string pack, index;
        await using (KopiaRepository created = await CreateAsync(store, 3, extendsLocks: true, TimeProvider.System))
        {
            pack = (await store.ListAsync("p", None).FirstAsync()).Name.ToString();
            index = (await store.ListAsync("xn", None).FirstAsync()).Name.ToString();
        }

        DateTime before = await UntilAsync(pack);
        DateTime longer = DateTime.UtcNow.AddDays(30);
        await client.PutObjectRetentionAsync(new PutObjectRetentionRequest
        {
            BucketName = url.Bucket, Key = index, Retention = new ObjectLockRetention { Mode = ObjectLockRetentionMode.Governance, RetainUntilDate = longer },
        });
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store, time: new ManualTimeProvider(DateTimeOffset.UtcNow.AddMinutes(3)));
        MaintenanceReport report = await new SnapshotMaintenance(repository).RunAsync(new MaintenanceOptions { Mode = MaintenanceMode.Full }, None);

        Assert.InRange(await UntilAsync(pack), before.AddMinutes(2), before.AddMinutes(10));
        Assert.InRange(await UntilAsync(index), longer.AddSeconds(-2), longer.AddSeconds(2));
        Assert.True(report.Tasks.Single(static task => task.Task == TaskNames.ExtendRetention).Figures[0].Count >= 4); // two packs, index and format blobs
        await store.DeleteAsync(BlobName.Parse(pack), None);
        BackupException gone = await Assert.ThrowsAsync<BackupException>(() => Assert.IsType<RetentionBlobStore>(repository.Store).ExtendAsync(BlobName.Parse(pack), None));
        Assert.Equal(ErrorKind.NotFound, gone.Kind);

        async Task<DateTime> UntilAsync(string key) =>
            (await client.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = url.Bucket, Key = key })).Retention.RetainUntilDate!.Value.ToUniversalTime();
    }

    /// <summary>A repository with retention, a pack of each kind and these parameters.</summary>
    private static async Task<KopiaRepository> CreateAsync(IBlobStore store, int version, bool extendsLocks, TimeProvider time)
    {
        NewRepositoryOptions locked = new() { FormatVersion = version, Splitter = RepositoryRun.Splitter, RetentionMode = "GOVERNANCE", RetentionPeriod = Period };
        KopiaRepository repository = await TreeRepository.CreateAsync(
            store, new RepositoryPassword(RepositoryRun.Password), locked, forVelero: false, RepositoryRun.Options, time, None);
        await new ParameterStore(repository).SaveAsync(new MaintenanceParameters { ExtendObjectLocks = extendsLocks }, None);
        await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(TestSeed.Random(), 100_000)]);
        return repository;
    }
}
