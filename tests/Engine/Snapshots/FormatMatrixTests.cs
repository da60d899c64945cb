using System.Collections.Concurrent;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Hashing;
using BackupFunctions.Engine.Repository.Splitting;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Engine.Repository;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>
/// Every combination of format version, hash, encryption, splitter and compression is written and read back exactly, with small
/// chunks and packs. Usually each pair of two values is met in some combination, with one compressor of each kind, and the other
/// compressors once; with FORMAT_MATRIX=full, all combinations. Where an independent checker is at hand it reads those that it knows.
/// </summary>
public sealed class FormatMatrixTests : IDisposable
{
    private static readonly string[][] Dimensions =
    [
        ["1", "2", "3"],
        [.. ContentHasher.Algorithms],
        [.. ContentCipher.Algorithms],
        ["FIXED-128K", "DYNAMIC-128K-BUZHASH", "DYNAMIC-128K-RABINKARP"],
        [.. ObjectCompression.Names],
    ];

    /// <summary>The bytes of a directory that is longer than every chunk.</summary>
    private static readonly byte[] Wide = System.Text.Encoding.ASCII.GetBytes(
        $"{{\"stream\":\"kopia:directory\",\"entries\":[{string.Join(',', Enumerable.Range(0, 4000).Select(static i => $"{{\"name\":\"file {i:D4}\",\"type\":\"f\",\"mode\":\"0644\",\"mtime\":\"2020-01-01T00:00:00Z\"}}"))}]}}\n");

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Combinations_of_algorithms_give_back_the_very_tree()
    {
        MakeTree();
        IReadOnlyList<string> expected = _folder.Describe("tree");
        ConcurrentQueue<string> wrong = [];
        List<string[]> combinations = Environment.GetEnvironmentVariable("FORMAT_MATRIX") == "full" ? All() : Some();

        await Parallel.ForEachAsync(combinations, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (combination, _) =>
        {
            string name = string.Join(' ', combination);
            try
            {
                await RunAsync(combination, name, expected);
            }
            catch (Exception failure) // all that are wrong are to be named
            {
                wrong.Enqueue($"{name}: {failure}");
            }
        });

        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {combinations.Count} combinations:\n{string.Join('\n', wrong.Take(5))}");
    }

    /// <summary>The other splitters, whose chunks are too long for so many repetitions.</summary>
    [Fact]
    public async Task Every_other_splitter_gives_back_the_very_file()
    {
        byte[] random = RepositoryRun.RandomBytes(TestSeed.Random(), (16 << 20) + 1);
        foreach (string splitter in (string[])[.. Splitter.Algorithms, "FIXED", "DYNAMIC"])
        {
            byte[] bytes = random[..(Splitter.Create(splitter).MaxSegmentBytes + 1)];
            MemoryBlobStore store = new();
            ObjectId id;
            await using (KopiaRepository writing = await RepositoryRun.CreateAsync(store, new() { Splitter = splitter, Hash = "BLAKE3-256-128" }))
            {
                await using WriteSession session = await writing.StartWriteSessionAsync(CancellationToken.None);
                id = await session.WriteObjectAsync(new MemoryStream(bytes), ObjectKind.File, CancellationToken.None);
                await session.FlushAsync(CancellationToken.None);
            }

            await using KopiaRepository repository = await RepositoryRun.OpenAsync(store);
            Assert.Equal(1, id.Indirections);
            byte[] read = await RepositoryRun.StreamAsync(repository, id);
            Assert.True(bytes.AsSpan().SequenceEqual(read), splitter);
        }
    }

    private async Task RunAsync(string[] combination, string name, IReadOnlyList<string> expected)
    {
        NewRepositoryOptions create = new()
        {
            FormatVersion = int.Parse(combination[0], System.Globalization.CultureInfo.InvariantCulture),
            Hash = combination[1],
            Encryption = combination[2],
            Splitter = combination[3],
        };
        ObjectCompression compression = ObjectCompression.Parse(combination[4]);
        MemoryBlobStore store = new();
        ManifestId id;
        ObjectId wide;
        await using (KopiaRepository writing = await RepositoryRun.CreateAsync(store, create))
        {
            await using WriteSession session = await writing.StartWriteSessionAsync(CancellationToken.None);
            TreeUploader uploader = new(writing, new UploadOptions { Compression = new FileCompression { Compressor = compression } }, TimeProvider.System);
            SnapshotDescription description = new(new SnapshotSource("host", "user", "/tree"), "", new Dictionary<string, string>(), []);
            TreeUploadResult upload = await uploader.UploadAsync(session, _folder["tree"], "tree", description, [], null, CancellationToken.None);
            id = SnapshotCatalog.Put(session, upload.Snapshot);
            wide = await session.WriteObjectAsync(Wide, ObjectKind.Directory, CancellationToken.None);
            await session.FlushAsync(CancellationToken.None);
        }

        await using (KopiaRepository repository = await RepositoryRun.OpenAsync(store))
        {
            TreeSnapshot snapshot = await new SnapshotCatalog(repository).GetAsync(id, CancellationToken.None);
            TreeRestoreResult result = await new TreeRestorer(repository, new TreeRestoreOptions { Sync = false }, TimeProvider.System)
                .RestoreAsync(snapshot.Root, _folder[name], null, CancellationToken.None);
            Assert.Empty(result.Problems);
            Assert.Equal(expected, _folder.Describe(name));
            Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
            Assert.Equal((1, 'k'), (wide.Indirections, wide.Content.Prefix));
            Assert.Equal(Wide, await RepositoryRun.ReadAsync(repository, wide));
            await AssertKindsAsync(repository, snapshot, compression, store);
        }

        await CheckAsync(combination, name, store);
        Directory.Delete(_folder[name], recursive: true);
    }

    /// <summary>The tree is such that files have lists, and that compression has its effect where it should.</summary>
    private static async Task AssertKindsAsync(KopiaRepository repository, TreeSnapshot snapshot, ObjectCompression compression, MemoryBlobStore store)
    {
        Dictionary<string, ObjectId> objects = [];
        await using (DirectoryReader root = await DirectoryReader.OpenAsync(repository, snapshot.Root.ObjectId, CancellationToken.None))
        {
            while (await root.ReadAsync(CancellationToken.None) is { } entry)
            {
                objects.Add(entry.Name, entry.ObjectId);
            }
        }

        bool isOld = repository.Format.IndexVersion == 1;
        Assert.Equal(1, objects["text"].Indirections);
        Assert.Equal(isOld && compression != ObjectCompression.None, objects["small text"].IsCompressed);
        Assert.False(objects["random"].IsCompressed);
        Assert.False(objects["empty"].IsCompressed);
        long packed = store.Names.Where(static name => name[0] == 'p').Sum(name => (long)store.Get(name).Length);
        Assert.Equal(compression == ObjectCompression.None, packed > 900_000);
    }

    /// <summary>The checker does not know these; BLAKE2S-128 it takes for a truncated BLAKE2S-256, which Kopia's is not.</summary>
    private async Task CheckAsync(string[] combination, string name, MemoryBlobStore store)
    {
        if (KopiaChecker.ReasonMissing is not null || combination[1].StartsWith("BLAKE3", StringComparison.Ordinal)
            || combination[1] is "BLAKE2S-128" or "HMAC-SHA224" or "HMAC-SHA3-224" or "HMAC-SHA3-256" || combination[4].StartsWith("s2-", StringComparison.Ordinal))
        {
            return;
        }

        string blobs = Directory.CreateDirectory(_folder[name + ".blobs"]).FullName;
        store.SaveTo(blobs);
        KopiaCheckResult result = await KopiaChecker.RunAsync(blobs, RepositoryRun.Password, _folder["tree"]);
        Assert.True(result.ExitCode == 0, result.Output);
        Directory.Delete(blobs, recursive: true);
    }

    private void MakeTree()
    {
        byte[] random = RepositoryRun.RandomBytes(new Random(1), 300_000);
        string tree = Directory.CreateDirectory(_folder["tree"]).FullName;
        string text = string.Concat(Enumerable.Range(0, 40_000).Select(static i => $"line {i * 7919 % 40_009}\n"));
        File.WriteAllText(Path.Combine(tree, "text"), text);
        File.WriteAllText(Path.Combine(tree, "small text"), text[..3000]);
        File.WriteAllBytes(Path.Combine(tree, "random"), random[..100_000]);
        File.WriteAllBytes(Path.Combine(tree, "zeros"), new byte[700_000]);
        File.WriteAllBytes(Path.Combine(tree, "mixed"), [.. random[100_000..], .. new byte[200_000], .. random[..100_000]]);
        File.WriteAllBytes(Path.Combine(tree, "one"), [7]);
        File.WriteAllBytes(Path.Combine(tree, "empty"), []);
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "text");
    }

    private static List<string[]> Some()
    {
        string[] kinds = ["none", "zstd-fastest", "gzip", "pgzip-best-speed", "deflate-default"];
        List<string[]> pairs = Pairwise([.. All().Where(values => kinds.Contains(values[^1]))]);
        return [.. pairs, .. ObjectCompression.Names.Except(kinds).Select(static (name, i) => (string[])[i % 2 == 0 ? "1" : "3", "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "FIXED-128K", name])];
    }

    private static List<string[]> All() =>
        Dimensions.Aggregate((List<string[]>)[[]], static (some, dimension) => [.. some.SelectMany(part => dimension.Select(value => (string[])[.. part, value]))]);

    /// <summary>Takes, again and again, the combination that meets most pairs that were not met yet.</summary>
    private static List<string[]> Pairwise(List<string[]> all)
    {
        List<(string[] Values, List<(int, string, int, string)> Pairs)> candidates = [.. all.Select(static values => (values, PairsOf(values)))];
        HashSet<(int, string, int, string)> left = [.. candidates.SelectMany(static candidate => candidate.Pairs)];
        List<string[]> chosen = [];
        while (left.Count > 0)
        {
            (string[] values, List<(int, string, int, string)> pairs) = candidates.MaxBy(candidate => candidate.Pairs.Count(left.Contains));
            chosen.Add(values);
            left.ExceptWith(pairs);
        }

        return chosen;
    }

    private static List<(int, string, int, string)> PairsOf(string[] values) =>
        [.. Enumerable.Range(0, values.Length).SelectMany(i => Enumerable.Range(i + 1, values.Length - i - 1).Select(j => (i, values[i], j, values[j])))];
}
