using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>What is stored twice can be repaired, and repairing never makes anything worse.</summary>
public sealed class RepositoryRepairerTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task A_lost_index_is_rebuilt_from_the_packs(int formatVersion)
    {
        (MemoryBlobStore store, List<byte[]> objects) = await WriteAsync(formatVersion);
        RemoveIndexes(store);

        RepairReport report = await RepairAsync(store);

        Assert.True(report.ContentsRecovered > 0);
        await AssertHoldsAsync(store, objects);
        await AssertWholeAsync(store);
        Assert.False((await RepairAsync(store)).IsNeeded);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task A_damaged_index_blob_is_set_aside_once_its_contents_are_found_again(int formatVersion)
    {
        (MemoryBlobStore store, List<byte[]> objects) = await WriteAsync(formatVersion);
        string index = store.Names.First(static name => name.StartsWith("xn", StringComparison.Ordinal) || name.StartsWith('n'));
        byte[] damaged = store.Get(index);
        damaged[40] ^= 1;
        MemoryBlobStore before = store.Copy();
        RepositoryCorruptException unopened = await Assert.ThrowsAsync<RepositoryCorruptException>(() => RepositoryRun.OpenAsync(store));
        Assert.Equal(index, unopened.Blob);

        RepairReport plan = await RepairAsync(store, new RepairOptions { DryRun = true });
        Assert.Equal(before.Names, store.Names);
        RepairReport report = await RepairAsync(store);

        Assert.Equal([index], plan.DamagedIndexBlobs);
        Assert.Equal([index], report.DamagedIndexBlobs);
        Assert.Equal(plan.ContentsRecovered, report.ContentsRecovered);
        Assert.DoesNotContain(index, store.Names);
        Assert.Equal(damaged, store.Get(RepositoryRepairer.SetAsidePrefix + index));
        await AssertHoldsAsync(store, objects);
        await AssertWholeAsync(store);
    }

    [Fact]
    public async Task What_was_deleted_later_stays_deleted()
    {
        (MemoryBlobStore store, _) = await WriteAsync(3);
        string lost = store.Names.First(static name => name.StartsWith("xn", StringComparison.Ordinal));
        ContentId deleted;
        await using (KopiaRepository repository = await RepositoryRun.OpenAsync(store))
        {
            IndexEntry entry = repository.Index.Current.Entries(prefix: '\0').First();
            deleted = entry.Id;
            await repository.Index.PublishAsync([entry.Deleted(0)], "s0123456789abcdef100", CancellationToken.None);
        }

        store.Remove(lost);
        store.Set("xw4000000000", "deletion-watermark"u8.ToArray());
        await RepairAsync(store);

        await using KopiaRepository repaired = await RepositoryRun.OpenAsync(store);
        Assert.False(repaired.Index.Current.TryFind(deleted, out _));
    }

    [Fact]
    public async Task Packs_of_a_session_that_may_be_running_are_left_alone_unless_told()
    {
        (MemoryBlobStore store, _) = await WriteAsync(3);
        string session;
        await using (KopiaRepository repository = await RepositoryRun.OpenAsync(store))
        {
            session = (await PackSession.StartAsync(store, repository.Crypto, RepositoryRun.Options, TimeProvider.System, CancellationToken.None)).Id;
        }

        foreach (string pack in store.Names.Where(static name => name.StartsWith('p') || name.StartsWith('q')).ToList())
        {
            store.Set(pack[..34] + session, store.Get(pack)); // a copy under a running session's name
            store.Remove(pack);
        }

        RemoveIndexes(store);
        RepairReport careful = await RepairAsync(store);
        RepairReport told = await RepairAsync(store, new RepairOptions { IncludeRunningSessions = true, DryRun = true });

        Assert.True(careful.PacksOfRunningSessions > 0);
        Assert.Equal(0, careful.PacksRead);
        Assert.Equal(careful.PacksOfRunningSessions, told.PacksRead);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_format_blob_of_an_old_repository_is_found_in_its_packs(bool isLost)
    {
        (MemoryBlobStore store, List<byte[]> objects) = await WriteAsync(1);
        byte[] good = store.Get("kopia.repository");
        if (isLost)
        {
            store.Remove("kopia.repository");
        }
        else
        {
            byte[] bad = [.. good];
            bad[good.Length / 2] ^= 1;
            store.Set("kopia.repository", bad);
        }

        RepairReport report = await RepairAsync(store);

        Assert.NotNull(report.FormatRecoveredFrom);
        Assert.Equal(good, store.Get("kopia.repository"));
        await AssertHoldsAsync(store, objects);
    }

    [Fact]
    public async Task A_format_blob_without_a_copy_is_told_to_be_lost()
    {
        (MemoryBlobStore store, _) = await WriteAsync(3);
        store.Remove("kopia.repository");

        BackupException lost = await Assert.ThrowsAsync<BackupException>(() => RepairAsync(store));

        Assert.Equal(ErrorKind.NotFound, lost.Kind);
        Assert.Contains("no pack holds a copy", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indexes_of_an_epoch_whose_marker_is_lost_count_again()
    {
        MemoryBlobStore store = new();
        List<byte[]> objects = [RepositoryRun.RandomBytes(TestSeed.Random(), 5000)];
        await using (KopiaRepository repository = await RepositoryRun.CreateAsync(store))
        {
            store.Set("xe5", "epoch-marker"u8.ToArray());
            await RepositoryRun.WriteAsync(repository, "a", objects);
        }

        store.Remove("xe5");
        await using (KopiaRepository repository = await RepositoryRun.OpenAsync(store))
        {
            VerificationReport verified = await VerificationStore.VerifyAsync(repository, new VerificationOptions());
            Assert.Contains(verified.Findings, static finding => finding.Kind == FindingKind.IgnoredIndex);
        }

        RepairReport report = await RepairAsync(store);

        Assert.Equal("xe5", report.EpochMarkerRestored);
        Assert.Equal(0, report.ContentsRecovered);
        await AssertHoldsAsync(store, objects);
    }

    [Fact]
    public async Task A_repair_that_breaks_off_anywhere_can_be_repeated()
    {
        (MemoryBlobStore whole, List<byte[]> objects) = await WriteAsync(3);
        string index = whole.Names.First(static name => name.StartsWith("xn", StringComparison.Ordinal));
        whole.Get(index)[40] ^= 1;
        for (int call = 1; ; call++)
        {
            MemoryBlobStore dying = whole.Copy(failAtCall: call, failWritesOnly: true);
            try
            {
                await RepairAsync(dying);
                Assert.True(call > 3);
                return;
            }
            catch (BackupException killed) when (killed.Kind == ErrorKind.Unavailable)
            {
                MemoryBlobStore left = dying.Copy();
                await RepairAsync(left, new RepairOptions { IncludeRunningSessions = true });
                await AssertHoldsAsync(left, objects);
            }
        }
    }

    private static async Task<(MemoryBlobStore Store, List<byte[]> Objects)> WriteAsync(int formatVersion)
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        List<byte[]> objects = [.. Enumerable.Range(0, 5).Select(_ => RepositoryRun.RandomBytes(random, random.Next(200_000)))];
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store, new NewRepositoryOptions { Splitter = RepositoryRun.Splitter, FormatVersion = formatVersion });
        await RepositoryRun.WriteAsync(repository, "a", objects[..3]);
        await RepositoryRun.WriteAsync(repository, "b", objects[3..]);
        return (store, objects);
    }

    private static void RemoveIndexes(MemoryBlobStore store)
    {
        foreach (string name in store.Names.Where(static name => name[0] is 'x' or 'n').ToList())
        {
            store.Remove(name);
        }
    }

    private static Task<RepairReport> RepairAsync(MemoryBlobStore store, RepairOptions? options = null) =>
        RepositoryRepairer.RepairAsync(store, RepositoryRun.Password, RepositoryRun.Options, options ?? new RepairOptions(), TimeProvider.System, null, CancellationToken.None);

    private static async Task AssertHoldsAsync(MemoryBlobStore store, List<byte[]> objects)
    {
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        List<byte[]> found = [];
        foreach (ManifestEntry manifest in await repository.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None))
        {
            found.AddRange(await RepositoryRun.ReadAllAsync(repository, manifest));
        }

        Assert.Equal(objects, found);
    }

    private static async Task AssertWholeAsync(MemoryBlobStore store)
    {
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        VerificationReport report = await VerificationStore.VerifyAsync(repository);
        Assert.True(report.IsWhole, VerificationStore.Describe(report));
        await KopiaRepositoryTests.CheckAsync(store);
    }
}
