using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Hashing;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

public sealed class ContentNamerTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("BLAKE2B-256-128")]
    [InlineData("BLAKE3-256-128")]
    public async Task Many_writers_at_once_get_the_names_that_they_would_get_alone(string algorithm)
    {
        Random random = TestSeed.Random();
        byte[] bytes = new byte[1 << 20];
        random.NextBytes(bytes);
        using ContentHasher hasher = ContentHasher.Create(algorithm, Key);
        ContentNamer namer = new(hasher);
        (int Start, int Length)[] pieces = [.. Enumerable.Range(0, 400).Select(_ => (random.Next(1000), random.Next(3) == 0 ? random.Next(200) : random.Next(bytes.Length - 1000)))];
        ContentId[] names = await Task.WhenAll(pieces.Select(piece => Task.Run(async () => await namer.NameAsync('k', bytes.AsMemory(piece.Start, piece.Length)))))
            .WaitAsync(TimeSpan.FromMinutes(2));
        for (int i = 0; i < pieces.Length; i++)
        {
            Assert.Equal(namer.Name('k', bytes.AsSpan(pieces[i].Start, pieces[i].Length)), names[i]);
        }
    }

    [Fact]
    public async Task When_hashing_fails_nobody_waits_for_ever_and_the_next_content_is_named()
    {
        using FailingHasher hasher = new();
        ContentNamer namer = new(hasher);
        byte[] bytes = new byte[100_000];
        Task<ContentId>[] names = [.. Enumerable.Range(0, 10).Select(_ => namer.NameAsync('\0', bytes).AsTask())];
        foreach (Task<ContentId> name in names)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => name.WaitAsync(TimeSpan.FromMinutes(1)));
        }

        hasher.Fails = false;
        ContentId last = await namer.NameAsync('\0', bytes).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(namer.Name('\0', bytes), last);
    }

    /// <summary>Fails at the first job, as long as it is told to.</summary>
    private sealed class FailingHasher : ContentHasher
    {
        public bool Fails { get; set; } = true;

        public override int HashLength => 16;

        public override bool HasLanes => true;

        public override IHashBatch CreateBatch(IHashQueue queue) => new Batch(this, queue);

        public override void Hash(ReadOnlySpan<byte> data, Span<byte> destination) => destination.Fill((byte)data.Length);

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Batch(FailingHasher hasher, IHashQueue queue) : IHashBatch
        {
            public bool Run(Func<bool> givesWay)
            {
                Span<byte> hash = stackalloc byte[hasher.HashLength];
                while (queue.TryTake() is { } job)
                {
                    hasher.Hash(job.Input.Span, hash);
                    if (hasher.Fails)
                    {
                        InvalidOperationException broken = new("broken");
                        job.Fail(broken);
                        throw broken;
                    }

                    job.Complete(hash);
                }

                return true;
            }
        }
    }
}
