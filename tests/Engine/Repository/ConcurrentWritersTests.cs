using BackupFunctions.Engine.Repository;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

public sealed class ConcurrentWritersTests
{
    [Fact]
    public async Task Three_sessions_with_eight_writers_each_lose_nothing()
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        await (await RepositoryRun.CreateAsync(store)).DisposeAsync();
        byte[][] shared = [.. Enumerable.Range(0, 20).Select(_ => RepositoryRun.RandomBytes(random, random.Next(1, 200_000)))];
        int[] seeds = [.. Enumerable.Range(0, 3).Select(_ => random.Next())];

        Dictionary<ObjectId, byte[]>[] written = await Task.WhenAll(seeds.Select(seed => Task.Run(() => WriteAsync(store, shared, seed))));

        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        foreach ((ObjectId id, byte[] bytes) in written.SelectMany(static objects => objects))
        {
            Assert.Equal(bytes, await RepositoryRun.ReadAsync(repository, id));
        }

        Assert.Equal(9, (await repository.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None)).Count);
        Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
        Assert.DoesNotContain(store.Names, static name => name.StartsWith('s'));
    }

    [Fact]
    public async Task A_flush_publishes_all_that_was_finished_before_it_while_others_go_on_writing()
    {
        Random random = TestSeed.Random();
        MemoryBlobStore store = new();
        await using KopiaRepository repository = await RepositoryRun.CreateAsync(store);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        byte[][] shared = [.. Enumerable.Range(0, 50).Select(_ => RepositoryRun.RandomBytes(random, 30_000))];
        using CancellationTokenSource stop = new();
        Task[] others = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int i = writer; !stop.IsCancellationRequested; i++)
            {
                await session.WriteObjectAsync(shared[i % shared.Length], ObjectKind.File, CancellationToken.None);
            }
        }))];

        for (int round = 0; round < 10; round++)
        {
            ObjectId id = await session.WriteObjectAsync(shared[^(1 + round)], ObjectKind.File, CancellationToken.None);
            await session.FlushAsync(CancellationToken.None);
            await using KopiaRepository reader = await RepositoryRun.OpenAsync(store.Copy());
            Assert.Equal(shared[^(1 + round)], await RepositoryRun.ReadAsync(reader, id));
        }

        await stop.CancelAsync();
        await Task.WhenAll(others);
    }

    private static async Task<Dictionary<ObjectId, byte[]>> WriteAsync(MemoryBlobStore store, byte[][] shared, int seed)
    {
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        Dictionary<ObjectId, byte[]> written = [];
        for (int round = 0; round < 3; round++)
        {
            (ObjectId, byte[])[][] byWriter = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                Random random = new(HashCode.Combine(seed, writer));
                List<(ObjectId, byte[])> objects = [];
                for (int i = 0; i < 5; i++)
                {
                    byte[] bytes = random.Next(2) == 0 ? shared[random.Next(shared.Length)] : RepositoryRun.RandomBytes(random, random.Next(400_000));
                    objects.Add((await session.WriteObjectAsync(new MemoryStream(bytes), ObjectKind.File, CancellationToken.None), bytes));
                }

                return objects.ToArray();
            })));
            foreach ((ObjectId id, byte[] bytes) in byWriter.SelectMany(static objects => objects))
            {
                written[id] = bytes;
            }

            session.PutManifest(RepositoryRun.Labels(), "1"u8.ToArray());
            await session.FlushAsync(CancellationToken.None);
        }

        return written;
    }
}
