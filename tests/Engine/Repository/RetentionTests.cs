using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Storage.S3;
using BackupFunctions.Tests.Peers;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Repositories whose blobs are locked against deletion.</summary>
public sealed class RetentionTests
{
    private static readonly NewRepositoryOptions Locked = new() { Splitter = RepositoryRun.Splitter, RetentionMode = "COMPLIANCE", RetentionPeriod = TimeSpan.FromDays(3) };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Packs_indexes_and_format_blobs_are_locked_and_nothing_else(int version)
    {
        ManualTimeProvider time = new();
        MemoryBlobStore blobs = new();
        LockRecordingStore store = new(blobs);
        await using (KopiaRepository repository = await KopiaRepository.CreateAsync(
            store, RepositoryRun.Password, Locked with { FormatVersion = version }, RepositoryRun.Options, time, CancellationToken.None))
        {
            await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(TestSeed.Random(), 1_000_000)]);
        }

        Assert.All(store.Locks.Values, put => Assert.Equal(new BlobLock(BlobLockMode.Compliance, time.GetUtcNow().AddDays(3)), put));
        Assert.Equal(blobs.Names, store.Locks.Keys.Order(StringComparer.Ordinal)); // the session's marker is gone, and was not locked
        await using KopiaRepository again = await RepositoryRun.OpenAsync(store);
        Assert.Equal(("COMPLIANCE", TimeSpan.FromDays(3)), (again.Format.RetentionMode, again.Format.RetentionPeriod));
        Assert.Single(await again.FindManifestsAsync(RepositoryRun.Labels("a"), CancellationToken.None));
    }

    [Theory]
    [InlineData("p1-s1", true)]
    [InlineData("xn0_1-s1-c1", true)]
    [InlineData("n1", true)]
    [InlineData("kopia.blobcfg", true)]
    [InlineData("kopia.maintenance", false)]
    [InlineData("s1-s1", false)]
    [InlineData("m1", false)]
    [InlineData("_log_1", false)]
    public async Task A_lock_is_extended_only_where_there_is_one(string name, bool isLocked)
    {
        LockRecordingStore store = new(new MemoryBlobStore());

        await new RetentionBlobStore(store, new RetentionConfig { Mode = "GOVERNANCE", Period = TimeSpan.FromDays(2).Ticks * 100 }, new ManualTimeProvider())
            .ExtendAsync(BlobName.Parse(name), CancellationToken.None);

        Assert.Equal(isLocked ? [BlobLockMode.Governance] : [], store.Locks.Values.Select(static extended => extended.Mode));
    }

    [Fact]
    public async Task A_store_that_cannot_lock_is_refused_before_anything_is_written()
    {
        MemoryBlobStore plain = new();
        BackupException cannot = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(plain, Locked));
        BackupException bucket = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(new LockRecordingStore(plain, supportsLocks: false), Locked));
        Assert.Equal((ErrorKind.Unsupported, ErrorKind.Unsupported), (cannot.Kind, bucket.Kind));
        Assert.Contains("COMPLIANCE", cannot.Message, StringComparison.Ordinal);
        Assert.Empty(plain.Names);
    }

    [Fact]
    public async Task Where_blobs_cannot_be_locked_a_repository_with_retention_is_read_only()
    {
        MemoryBlobStore plain = new();
        await using (KopiaRepository created = await RepositoryRun.CreateAsync(new LockRecordingStore(plain), Locked))
        {
            await RepositoryRun.WriteAsync(created, "a", [[1, 2, 3]]);
        }

        IReadOnlyList<string> before = plain.Names;
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(plain);
        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => repository.StartWriteSessionAsync(CancellationToken.None));

        Assert.Equal(ErrorKind.Unsupported, refused.Kind);
        Assert.Single(await repository.FindManifestsAsync(RepositoryRun.Labels("a"), CancellationToken.None));
        Assert.Equal(before, plain.Names);
    }

    [Theory]
    [InlineData("GOVERNANCE", 0)]
    [InlineData("GOVERNANCE", 23)]
    [InlineData("governance", 48)]
    [InlineData("Locked", 48)]
    [InlineData(null, 48)]
    public void Retention_that_Kopia_would_not_take_is_refused(string? mode, int hours) =>
        Assert.Single(new NewRepositoryOptions { RetentionMode = mode, RetentionPeriod = TimeSpan.FromHours(hours) }.Validate());

    [PeerFact(Peer.S3Gateway)]
    public async Task A_real_bucket_keeps_what_was_locked()
    {
        S3Gateway gateway = await SharedPeers.S3GatewayAsync();
        using AmazonS3Client client = gateway.CreateClient();
        S3StoreUrl url = await GatewayStore.NewLockingUrlAsync();
        string bucket = url.Bucket;
        IBlobStore location = BlobStoreFactory.Open(url, GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);
        IBlobStore store = BlobStoreFactory.SubTree(location, "kopia/ns");
        DateTime until;
        await using (KopiaRepository repository = await TreeRepository.CreateAsync(
            store, new RepositoryPassword(RepositoryRun.Password), Locked with { RetentionMode = "GOVERNANCE" }, forVelero: false, RepositoryRun.Options, TimeProvider.System, CancellationToken.None))
        {
            await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(TestSeed.Random(), 1_000_000)]);
            BlobName pack = (await repository.Store.ListAsync("p", CancellationToken.None).FirstAsync()).Name;
            until = (await RetentionAsync(client, bucket, $"kopia/ns/{pack}")).RetainUntilDate!.Value;
            await Assert.IsType<RetentionBlobStore>(repository.Store).ExtendAsync(pack, CancellationToken.None);
            Assert.True((await RetentionAsync(client, bucket, $"kopia/ns/{pack}")).RetainUntilDate >= until);
        }

        Assert.InRange(until.ToUniversalTime(), DateTime.UtcNow.AddDays(2.9), DateTime.UtcNow.AddDays(3));
        foreach (S3ObjectVersion version in (await client.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket })).Versions.Where(static version => version.IsDeleteMarker != true))
        {
            bool isLocked = RetentionBlobStore.IsLocked(BlobName.Parse(version.Key["kopia/ns/".Length..]));
            Task delete = client.DeleteObjectAsync(bucket, version.Key, version.VersionId);
            if (isLocked)
            {
                AmazonS3Exception refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => delete);
                Assert.Equal("AccessDenied", refused.ErrorCode);
            }
            else
            {
                await delete;
            }
        }

        await using KopiaRepository whole = await RepositoryRun.OpenAsync(store);
        Assert.Empty(await whole.FindWrongContentsAsync(CancellationToken.None));
    }

    [PeerFact(Peer.S3Gateway)]
    public async Task A_bucket_without_object_lock_is_refused()
    {
        IBlobStore store = BlobStoreFactory.Open(await GatewayStore.NewUrlAsync(""), GatewayStore.Credentials, new BlobStoreOptions(), TimeProvider.System);

        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => RepositoryRun.CreateAsync(store, Locked));

        Assert.Equal(ErrorKind.Unsupported, refused.Kind);
        Assert.Empty(await store.ListAsync("", CancellationToken.None).ToListAsync());
    }

    private static async Task<ObjectLockRetention> RetentionAsync(AmazonS3Client client, string bucket, string key) =>
        (await client.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = bucket, Key = key })).Retention;
}
