using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Tests.Engine.Snapshots;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>A writer that dies at any call to the store leaves a repository that is whole (W1 to W8).</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task A_writer_killed_at_any_write_leaves_the_old_state_or_the_new_one(int version)
    {
        Random random = TestSeed.Random();
        MemoryBlobStore before = new();
        List<byte[]> oldObjects = [RepositoryRun.RandomBytes(random, 400_000), RepositoryRun.RandomBytes(random, 100)];
        await using (KopiaRepository repository = await RepositoryRun.CreateAsync(before, new() { FormatVersion = version, Splitter = RepositoryRun.Splitter }))
        {
            await RepositoryRun.WriteAsync(repository, "old", oldObjects);
        }

        List<byte[]> newObjects = [oldObjects[0], RepositoryRun.RandomBytes(random, 700_000), RepositoryRun.RandomBytes(random, 200)];
        bool isWhole = false;
        int outcomes = 0;
        for (int call = 1; !isWhole; call++)
        {
            MemoryBlobStore store = before.Copy(call, failWritesOnly: true);
            isWhole = await TryWriteAsync(store, newObjects);
            outcomes |= await CheckAsync(store.Copy(), oldObjects, newObjects, mustHaveNew: isWhole) ? 1 : 2;
            Assert.True(call < 100, "the writer never finished");
        }

        Assert.Equal(3, outcomes); // both states were seen
    }

    /// <summary>One is about to begin a session when the packs of the last one fail: it is told that, and not that it was cancelled.</summary>
    [Fact]
    public async Task A_writer_whose_session_fails_while_it_begins_another_learns_why()
    {
        Random random = TestSeed.Random();
        TaskCompletionSource packFails = new(), markerGoesOn = new(), secondMarker = new();
        int markers = 0;
        MemoryBlobStore blobs = new();
        await (await RepositoryRun.CreateAsync(blobs)).DisposeAsync();
        GatedBlobStore store = new(
            blobs,
            async name =>
            {
                if (name.StartsWith('p'))
                {
                    await packFails.Task;
                    throw new BackupException(ErrorKind.AccessDenied, "the store is dead", "");
                }

                if (name.StartsWith('s') && Interlocked.Increment(ref markers) == 2)
                {
                    secondMarker.SetResult();
                    await markerGoesOn.Task;
                }
            },
            static _ => { });
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        await session.WriteObjectAsync(RepositoryRun.RandomBytes(random, 1000), ObjectKind.File, CancellationToken.None);
        Task flush = session.FlushAsync(CancellationToken.None);
        Task write = session.WriteObjectAsync(RepositoryRun.RandomBytes(random, 1000), ObjectKind.File, CancellationToken.None);
        await secondMarker.Task.WaitAsync(TimeSpan.FromSeconds(30));
        packFails.SetResult();
        await Assert.ThrowsAsync<BackupException>(() => flush);
        markerGoesOn.SetResult();

        BackupException told = await Assert.ThrowsAsync<BackupException>(() => write);
        Assert.EndsWith("the store is dead", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writers_at_once_are_all_told_why_their_session_failed()
    {
        const int Attempts = 20, Writers = 8, Objects = 20;
        Random random = TestSeed.Random();
        MemoryBlobStore before = new();
        await (await RepositoryRun.CreateAsync(before)).DisposeAsync();
        byte[] noise = RepositoryRun.RandomBytes(random, 1_000_000);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            MemoryBlobStore store = before.Copy(2 + (attempt % 5), failWritesOnly: true); // the marker, then packs
            await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
            await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => FailAsync(writer))));

            async Task FailAsync(int writer)
            {
                BackupException told = await Assert.ThrowsAsync<BackupException>(async () =>
                {
                    for (int i = 0; i < Objects; i++)
                    {
                        await session.WriteObjectAsync(noise.AsMemory((writer * 100_000) + (i * 1000), 30_000), ObjectKind.File, CancellationToken.None);
                    }

                    await session.FlushAsync(CancellationToken.None);
                });
                Assert.Equal(ErrorKind.Unavailable, told.Kind);
            }
        }
    }

    [Fact]
    public async Task A_creator_killed_at_any_write_leaves_nothing_or_a_repository()
    {
        bool isWhole = false;
        for (int call = 1; !isWhole; call++)
        {
            MemoryBlobStore store = new() { FailAtCall = call, FailWritesOnly = true };
            try
            {
                await using KopiaRepository created = await RepositoryRun.CreateAsync(store);
                isWhole = true;
            }
            catch (BackupException dead) when (dead.Kind == ErrorKind.Unavailable)
            {
                // As meant.
            }

            MemoryBlobStore after = store.Copy();
            await using KopiaRepository repository = await KopiaRepository.ExistsAsync(after, CancellationToken.None)
                ? await RepositoryRun.OpenAsync(after)
                : await RepositoryRun.CreateAsync(after);
            await RepositoryRun.WriteAsync(repository, "next", [[1, 2, 3]]);
        }
    }

    private static async Task<bool> TryWriteAsync(MemoryBlobStore store, List<byte[]> objects)
    {
        try
        {
            await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
            await RepositoryRun.WriteAsync(repository, "new", objects);
            return true;
        }
        catch (BackupException dead) when (dead.Kind == ErrorKind.Unavailable)
        {
            return false;
        }
    }

    /// <returns>Whether the new state is there.</returns>
    private static async Task<bool> CheckAsync(MemoryBlobStore store, List<byte[]> oldObjects, List<byte[]> newObjects, bool mustHaveNew)
    {
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        ManifestEntry old = Assert.Single(await repository.FindManifestsAsync(RepositoryRun.Labels("old"), CancellationToken.None));
        IReadOnlyList<ManifestEntry> newer = await repository.FindManifestsAsync(RepositoryRun.Labels("new"), CancellationToken.None);

        Assert.Equal(oldObjects, await RepositoryRun.ReadAllAsync(repository, old));
        Assert.InRange(newer.Count, mustHaveNew ? 1 : 0, 1);
        foreach (ManifestEntry entry in newer)
        {
            Assert.Equal(newObjects, await RepositoryRun.ReadAllAsync(repository, entry));
        }

        Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
        await RepositoryRun.WriteAsync(repository, "after", [newObjects[1]]);
        return newer.Count == 1;
    }
}
