using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;
using BackupFunctions.Engine.Repository.Objects;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository;

/// <summary>Foreign bytes are never trusted: damage has a name, and nothing else happens.</summary>
public sealed class DamageTests
{
    [Theory]
    [InlineData("kopia.repository")]
    [InlineData("xn")]
    [InlineData("q")]
    [InlineData("p")]
    public async Task A_changed_or_cut_blob_is_told_by_its_name(string prefix)
    {
        Random random = TestSeed.Random();
        MemoryBlobStore whole = new();
        await using (KopiaRepository repository = await RepositoryRun.CreateAsync(whole))
        {
            await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(random, 200_000)]);
        }

        string name = whole.Names.First(name => name.StartsWith(prefix, StringComparison.Ordinal));
        byte[] good = whole.Get(name);
        MemoryBlobStore changed = whole.Copy();
        byte[] flipped = [.. good];
        flipped[Math.Min(good.Length / 3, 300)] ^= 1;
        changed.Set(name, flipped);
        MemoryBlobStore cut = whole.Copy();
        cut.Set(name, good[..Math.Min(60, good.Length - 1)]);

        BackupException ofChanged = await Assert.ThrowsAnyAsync<BackupException>(() => ReadAllAsync(changed));
        BackupException ofCut = await Assert.ThrowsAnyAsync<BackupException>(() => ReadAllAsync(cut));

        Assert.Equal(ErrorKind.Corrupt, ofCut.Kind);
        Assert.Contains(name, ofCut.Message, StringComparison.Ordinal);
        Assert.True(ofChanged.Kind is ErrorKind.Corrupt or ErrorKind.WrongPassword or ErrorKind.Unsupported, ofChanged.Message);
        Assert.True(prefix == "kopia.repository" || ofChanged.Message.Contains(name, StringComparison.Ordinal), ofChanged.Message);
    }

    [Fact]
    public async Task A_missing_pack_is_told_by_its_name()
    {
        MemoryBlobStore store = new();
        await using (KopiaRepository repository = await RepositoryRun.CreateAsync(store))
        {
            await RepositoryRun.WriteAsync(repository, "a", [RepositoryRun.RandomBytes(TestSeed.Random(), 200_000)]);
        }

        string pack = store.Names.First(static name => name.StartsWith('p'));
        store.Remove(pack);

        RepositoryCorruptException missing = await Assert.ThrowsAsync<RepositoryCorruptException>(() => ReadAllAsync(store));
        Assert.Equal(pack, missing.Blob);
    }

    [Fact]
    public async Task A_damaged_lock_configuration_keeps_writers_out_and_lets_readers_in()
    {
        MemoryBlobStore store = new();
        await using (KopiaRepository repository = await RepositoryRun.CreateAsync(store))
        {
            await RepositoryRun.WriteAsync(repository, "a", [[1, 2, 3]]);
        }

        store.Get("kopia.blobcfg")[5] ^= 1;

        await ReadAllAsync(store);
        await using KopiaRepository damaged = await RepositoryRun.OpenAsync(store);
        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => damaged.StartWriteSessionAsync(CancellationToken.None));
        Assert.Equal(ErrorKind.Corrupt, refused.Kind);
        Assert.Contains("kopia.blobcfg", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_index_bytes_never_do_anything_but_throw_corrupt()
    {
        Random random = TestSeed.Random();
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = Mutate(random, SampleIndex(1 + random.Next(2), random));
            ExpectCorruptAtMost(() =>
            {
                IndexSegment segment = IndexSegment.Parse("fuzzed", bytes);
                IndexView view = new([segment], long.MinValue);
                foreach (IndexEntry entry in view.Entries(prefix: null))
                {
                    view.TryFind(entry.Id, out _);
                }
            });
        }
    }

    [Fact]
    public void Random_postambles_never_do_anything_but_throw_corrupt()
    {
        Random random = TestSeed.Random();
        byte[] good = new PackPostamble(new byte[16], 4096, 300).Encode();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Mutate(random, good);
            ExpectCorruptAtMost(() => PackPostamble.Decode("fuzzed", random.Next(10_000) + bytes.Length, bytes));
        }
    }

    [Fact]
    public void Random_manifests_never_do_anything_but_throw_corrupt()
    {
        Random random = TestSeed.Random();
        ContentId id = ContentId.Parse("m0123456789abcdef0123456789abcdef");
        ManifestEntry entry = new(ManifestId.NewRandom(), RepositoryRun.Labels("x"), UnixNanos.FromSeconds(5), "{\"a\":[1,2,{}]}"u8.ToArray());
        byte[] good = ManifestCodec.Encode([StoredManifest.Of(entry), new StoredManifest(ManifestId.NewRandom(), UnixNanos.FromSeconds(6), null)]);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = Mutate(random, good);
            ExpectCorruptAtMost(() => ManifestCodec.Decode(id, bytes));
        }
    }

    [Fact]
    public void Random_lists_never_do_anything_but_throw_corrupt()
    {
        Random random = TestSeed.Random();
        ObjectId list = ObjectId.Parse("x0123456789abcdef0123456789abcdef");
        byte[] good = """{"stream":"kopia:indirect","other":{"a":[1]},"entries":[{"l":5,"o":"0123456789abcdef0123456789abcdef"},{"s":5,"l":7,"o":"Ix0123456789abcdef0123456789abcdef"}]}"""u8.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Mutate(random, good);
            int cut = random.Next(bytes.Length + 1);
            ExpectCorruptAtMost(() =>
            {
                IndirectListParser parser = new(list);
                List<ObjectPart> parts = [];
                int used = parser.Parse(bytes.AsSpan(0, cut), isEnd: false, parts);
                parser.Parse(bytes.AsSpan(used), isEnd: true, parts);
            });
        }
    }

    private static byte[] SampleIndex(int version, Random random)
    {
        BlobName[] packs = [BlobName.Parse("p0123456789abcdef0123456789abcdef-s1"), BlobName.Parse("q0123456789abcdef0123456789abcdef-s1")];
        List<IndexEntry> entries = [];
        for (int i = 0; i < 20; i++)
        {
            entries.Add(new IndexEntry(
                new ContentId(random.Next(2) == 0 ? '\0' : 'k', RepositoryRun.RandomBytes(random, 16)), packs[random.Next(2)], random.Next(), random.Next(4) == 0, (uint)random.Next(1 << 24), 128, 100, version == 1 ? 0u : 0x1101u, 3, 0));
        }

        return IndexBuilder.Build(version, IndexBuilder.SortAndMerge(entries).ToArray(), []);
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        byte[] bytes = [.. good];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 40)) : random.Next(bytes.Length);
            bytes[at] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static void ExpectCorruptAtMost(Action action)
    {
        try
        {
            action();
        }
        catch (RepositoryCorruptException)
        {
            // The one failure that is allowed.
        }
    }

    private static async Task ReadAllAsync(MemoryBlobStore store)
    {
        await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
        foreach (ManifestEntry manifest in await repository.FindManifestsAsync(RepositoryRun.Labels(), CancellationToken.None))
        {
            await RepositoryRun.ReadAllAsync(repository, manifest);
        }
    }
}
