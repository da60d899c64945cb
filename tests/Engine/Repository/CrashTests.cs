using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
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
