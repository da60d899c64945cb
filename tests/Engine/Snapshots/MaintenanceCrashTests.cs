using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Repository;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Maintenance that dies, runs twice, or runs beside a writer loses nothing, and is completed by the next one (M1 to M6).</summary>
public sealed class MaintenanceCrashTests : IDisposable
{
    private readonly MaintainedTrees _trees = new();

    public void Dispose() => _trees.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task Maintenance_killed_at_any_write_leaves_every_snapshot_whole_and_the_next_one_completes_it(int version)
    {
        MemoryBlobStore before = await PrepareAsync(version);
        bool isWhole = false;
        for (int call = 1; !isWhole; call++)
        {
            MemoryBlobStore dying = before.Copy(call, failWritesOnly: true);
            isWhole = await TryMaintainAsync(dying);
            MemoryBlobStore store = dying.Copy();
            Assert.Empty(await _trees.FindBrokenAsync(store));
            if (!isWhole)
            {
                await _trees.MaintainAsync(store, MaintainedTrees.AtOnce);
                Assert.Empty(await _trees.FindBrokenAsync(store));
            }

            Assert.InRange(store.TotalBytes, 1, 250_000);
            Assert.True(call < 100, "the maintenance never finished");
        }
    }

    /// <summary>Reads, listings and deletions fail too, each alone or with all that come after.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task Maintenance_in_which_any_call_fails_leaves_every_snapshot_whole_and_the_next_one_completes_it(int version)
    {
        const int Attempts = 8;
        Random random = TestSeed.Random();
        MemoryBlobStore before = await PrepareAsync(version);
        MemoryBlobStore counting = before.Copy();
        Assert.True(await TryMaintainAsync(counting));
        for (int i = 0; i < Attempts; i++)
        {
            MemoryBlobStore failing = before.Copy(1 + random.Next(counting.Calls), failOnce: i % 2 == 0);
            await TryMaintainAsync(failing);
            MemoryBlobStore store = failing.Copy();
            Assert.Empty(await _trees.FindBrokenAsync(store));
            await _trees.MaintainAsync(store, MaintainedTrees.AtOnce);
            Assert.Empty(await _trees.FindBrokenAsync(store));
            Assert.InRange(store.TotalBytes, 1, 250_000);
        }
    }

    [Fact]
    public async Task Two_maintainers_and_a_writer_at_once_lose_nothing()
    {
        Random random = TestSeed.Random();
        ManualTimeProvider time = new(DateTimeOffset.UtcNow);
        using MaintainedTrees trees = new() { Time = time };
        MemoryBlobStore store = new() { Time = time };
        await using KopiaRepository writer = await trees.CreateAsync(store);
        for (int round = 0; round < 6; round++)
        {
            trees.Fill(random, $"{round % 3}", 3, 60_000);
            ManifestId taken = await trees.SnapshotAsync(writer);
            Task[] work = [MaintainAsync(), MaintainAsync(), round % 2 == 1 ? trees.ForgetAsync(writer, taken) : Task.CompletedTask];
            await Task.WhenAll(work);
            time.Advance(TimeSpan.FromHours(13));
            await writer.RefreshAsync(CancellationToken.None);
        }

        Assert.Empty(await trees.FindBrokenAsync(store));

        async Task MaintainAsync() => await trees.MaintainAsync(store, MaintainedTrees.Careful);
    }

    [Fact]
    public async Task Epochs_are_merged_into_sets_and_ranges_and_what_they_replace_goes()
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        await using (KopiaRepository repository = await _trees.CreateAsync(store))
        {
            for (int epoch = 0; epoch <= 10; epoch++)
            {
                if (epoch > 0)
                {
                    store.Set($"xe{epoch}", "epoch-marker"u8.ToArray());
                }

                _trees.Fill(random, $"{epoch}", 1, 3_000);
                await _trees.SnapshotAsync(repository);
            }
        }

        MaintenanceReport report = await _trees.MaintainAsync(store, MaintainedTrees.AtOnce);

        Assert.Contains(report.Tasks, static task => task.Task == "generate-epoch-range-index" && task.Skipped is null);
        Assert.Contains(store.Names, static name => name.StartsWith("xr0_8_", StringComparison.Ordinal));
        Assert.DoesNotContain(store.Names, static name => name.StartsWith("xn8_", StringComparison.Ordinal) || name == "xe8");
        Assert.Contains(store.Names, static name => name.StartsWith("xn10_", StringComparison.Ordinal));
        Assert.Empty(await _trees.FindBrokenAsync(store));
    }

    private async Task<MemoryBlobStore> PrepareAsync(int version)
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await _trees.CreateAsync(store, version);
        _trees.Fill(random, "kept", 2, 20_000);
        await _trees.SnapshotAsync(repository);
        _trees.Fill(random, "gone", 3, 100_000);
        ManifestId gone = await _trees.SnapshotAsync(repository);
        Directory.Delete(_trees.Files["tree/gone"], recursive: true);
        _trees.Fill(random, "kept too", 2, 20_000);
        await _trees.SnapshotAsync(repository);
        await _trees.ForgetAsync(repository, gone);
        for (int i = 0; i < 4; i++) // many small index blobs, which are worth merging in the old scheme
        {
            await RepositoryRun.WriteAsync(repository, $"{i}", []);
        }

        return store;
    }

    private async Task<bool> TryMaintainAsync(IBlobStore store)
    {
        try
        {
            await _trees.MaintainAsync(store, MaintainedTrees.AtOnce);
            return true;
        }
        catch (BackupException dead) when (dead.Kind == ErrorKind.Unavailable)
        {
            return false;
        }
    }
}
