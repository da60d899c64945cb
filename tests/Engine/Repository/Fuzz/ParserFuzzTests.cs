using System.IO.Compression;
using System.Text;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;
using BackupFunctions.Engine.Repository.Objects;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Repository.Verification;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Fuzz;

/// <summary>Each parser alone, behind all encryption: hostile bytes end in an error that says what and where, and in nothing else.</summary>
public sealed class ParserFuzzTests
{
    private const int Little = 4 << 20;
    private const int MaxPlainBytes = 1 << 20;

    private static ContentId Content { get; } = ContentId.Parse("m0123456789abcdef0123456789abcdef");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Index(int version)
    {
        Random fix = new(version);
        byte[] good = SampleIndex(fix, version, 16);
        byte[] other = SampleIndex(fix, version, 32);
        FuzzRun.Run(
            random =>
            {
                IndexSegment segment = IndexSegment.Parse("fuzzed", Mutation.Of(random, good, other, isText: false));
                IndexView view = new([segment], long.MinValue);
                foreach (IndexEntry entry in view.Entries(prefix: null))
                {
                    view.TryFind(entry.Id, out _);
                }

                IndexSegmentCheck.ReadAll(segment);
            },
            Little);
    }

    [Fact]
    public void Postamble()
    {
        byte[] good = new PackPostamble(new byte[16], 4096, 300).Encode();
        byte[] other = new PackPostamble(new byte[32], long.MaxValue >> 1, int.MaxValue).Encode();
        FuzzRun.Run(
            random =>
            {
                byte[] bytes = Mutation.Of(random, good, other, isText: false);
                PackPostamble decoded = PackPostamble.Decode("fuzzed", bytes.Length + random.Next(10_000), Sealed(random, bytes));
                Assert.True(decoded.LocalIndexOffset >= 0 && decoded.LocalIndexBytes >= 0);
            },
            Little);
    }

    [Fact]
    public void Copy_of_the_format_blob()
    {
        byte[] good = RecoverableFormat.Encode("""{"tool":"x"}"""u8);
        FuzzRun.Run(random => RecoverableFormat.TryDecode(Mutation.Of(random, good, good, isText: false), out _), Little);
    }

    [Fact]
    public void Manifests()
    {
        ManifestEntry entry = new(ManifestId.NewRandom(), RepositoryRun.Labels("x"), UnixNanos.FromSeconds(5), "{\"a\":[1,2,{}]}"u8.ToArray());
        byte[] zipped = ManifestCodec.Encode([StoredManifest.Of(entry), new StoredManifest(ManifestId.NewRandom(), UnixNanos.FromSeconds(6), null)]);
        byte[] plain = Unzip(zipped);
        FuzzRun.Run(
            random => ManifestCodec.Decode(Content, random.Next(3) == 0 ? Mutation.Of(random, zipped, plain, isText: false) : Zip(Mutation.Of(random, plain, plain, isText: true))),
            16L << 20);
    }

    [Fact]
    public void Manifests_that_unpack_to_more_than_anybody_has_are_refused_before_they_fill_the_memory()
    {
        byte[] bomb = Zip(new byte[300 << 20]);
        RepositoryCorruptException refused = Assert.Throws<RepositoryCorruptException>(() => ManifestCodec.Decode(Content, bomb));
        Assert.Contains("at most", refused.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists()
    {
        ObjectId list = ObjectId.Parse("x0123456789abcdef0123456789abcdef");
        byte[] good = """{"stream":"kopia:indirect","other":{"a":[1]},"entries":[{"l":5,"o":"0123456789abcdef0123456789abcdef"},{"s":5,"l":7,"o":"Ix0123456789abcdef0123456789abcdef"}]}"""u8.ToArray();
        FuzzRun.Run(
            random =>
            {
                byte[] bytes = Mutation.Of(random, good, good, isText: true);
                int cut = random.Next(bytes.Length + 1);
                IndirectListParser parser = new(list);
                List<ObjectPart> parts = [];
                int used = parser.Parse(bytes.AsSpan(0, cut), isEnd: false, parts);
                parser.Parse(bytes.AsSpan(used), isEnd: true, parts);
                Assert.All(parts, static part => Assert.True(part.Start >= 0 && part.LengthBytes >= 0));
            },
            Little);
    }

    [Fact]
    public void Snapshots()
    {
        byte[] good = Encoding.UTF8.GetBytes(
            """{"id":"","source":{"host":"h","userName":"u","path":"/p"},"description":"d","startTime":"2026-01-02T03:04:05.123456789Z","endTime":"2026-01-02T03:04:06Z","stats":{"totalSize":10,"excludedTotalSize":0,"fileCount":1,"cachedFiles":0,"nonCachedFiles":1,"dirCount":1,"excludedFileCount":0,"excludedDirCount":0,"ignoredErrorCount":0,"errorCount":0},"incomplete":"checkpoint","rootEntry":{"name":"p","type":"d","mode":"0755","mtime":"2026-01-02T03:04:05Z","uid":1,"gid":2,"obj":"k0123456789abcdef0123456789abcdef","summ":{"size":10,"files":1,"symlinks":0,"dirs":1,"maxTime":"2026-01-02T03:04:05Z","numFailed":1,"errors":[{"path":"a","error":"b"}]},"posix":{"name":"AA==","link":"g","xattrs":{"user.a":"AA=="},"holes":[0,5,10,20],"manyHoles":true}},"tags":{"a":"b"},"pins":["x"]}""");
        FuzzRun.Run(
            random => SnapshotJson.Read(new ManifestEntry(default, RepositoryRun.Labels(), default, Mutation.Of(random, good, good, isText: true))),
            Little);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate-default")]
    [InlineData("zstd")]
    public void Compressed_streams_that_are_written_here(string compressor)
    {
        uint id = ContentCompression.HeaderIdFor(compressor);
        byte[] text = Compression.ContentCompressionTests.Text(5000);
        byte[] good = new byte[ContentCompression.MaxCompressedLength(id, text.Length)];
        Assert.True(ContentCompression.TryCompress(id, text, good, out int length));
        good = good[..length];
        FuzzRun.Run(random => Decompress(id, random, Mutation.Of(random, good, good, isText: false)), 16L << 20);
    }

    [Theory]
    [InlineData("lz4", "linked-blocks.lz4")]
    [InlineData("lz4", "no-content-checksum.lz4")]
    [InlineData("s2-default", "framed.sz")]
    [InlineData("zstd", "long-window.zst")]
    [InlineData("pgzip", "two-members.gz")]
    public void Compressed_streams_of_others(string compressor, string file)
    {
        uint id = ContentCompression.HeaderIdFor(compressor);
        byte[] good = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "Compression", file));
        FuzzRun.Run(random => Decompress(id, random, Mutation.Of(random, good, good, isText: false)), 16L << 20);
    }

    [Fact]
    public void Blocks_of_snappy_and_s2_behind_their_checksum()
    {
        byte[] good = [0x1e, 0x10, .. "hello"u8, 0x01, 0x05, 0x15, 0x05, 0x19, 0x00, 0x20, 0xf0, 0x02, .. "abc"u8, 0x0a, 0x05, 0x00];
        byte[] target = new byte[1 << 16];
        FuzzRun.Run(
            random =>
            {
                DecodeOutcome outcome = SnappyBlock.Decode(Mutation.Of(random, good, good, isText: false), target.AsSpan(0, random.Next(target.Length)), out int written);
                Assert.True(outcome == DecodeOutcome.Done || written >= 0);
            },
            Little);
    }

    [Fact]
    public void Names_of_epoch_blobs()
    {
        byte[] good = Encoding.UTF8.GetBytes("xn0_066dc99849eaf4ed170e38ca8011e96b-s754dbfbca665fd0f147-c1 xs1_066dc99849eaf4ed170e38ca8011e96b-s754dbfbca665fd0-c2 xr0_3_066dc99849eaf4ed170e38ca8011e96b-s754dbfbca665fd0-c1 xe5 xw17000 xr4_9_aa-sb-c1");
        FuzzRun.Run(
            random =>
            {
                string[] names = Encoding.Latin1.GetString(Mutation.Of(random, good, good, isText: true)).Split(' ');
                EpochState state = EpochState.From(names.Where(static name => BlobName.TryParse(name, out _)).Select(static name => new BlobInfo(BlobName.Parse(name), 1, default)));
                Assert.True(state.Active.Count <= names.Length && state.WriteEpoch >= 0);
            },
            Little);
    }

    /// <summary>Half of the postambles get a checksum that fits, so that what is behind it is reached.</summary>
    private static byte[] Sealed(Random random, byte[] postamble)
    {
        const int TrailerBytes = sizeof(uint) + 1;
        if (random.Next(2) == 0 || postamble.Length is <= TrailerBytes or > byte.MaxValue)
        {
            return postamble;
        }

        byte[] body = postamble[..^TrailerBytes];
        byte[] bytes = [.. body, 0, 0, 0, 0, (byte)(body.Length + sizeof(uint))];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(body.Length), Crc32.Compute(body));
        return bytes;
    }

    private static void Decompress(uint id, Random random, byte[] stream)
    {
        if (random.Next(2) == 0)
        {
            Assert.InRange(ContentCompression.DecompressBounded(id, stream, MaxPlainBytes).Length, 0, MaxPlainBytes);
        }
        else
        {
            ContentCompression.Decompress(id, stream, new byte[random.Next(10_000)]);
        }
    }

    private static byte[] SampleIndex(Random random, int version, int hashBytes)
    {
        BlobName[] packs = [BlobName.Parse("p0123456789abcdef0123456789abcdef-s1"), BlobName.Parse("q0123456789abcdef0123456789abcdef-s1")];
        IEnumerable<IndexEntry> entries = Enumerable.Range(0, 20).Select(i => new IndexEntry(
            new ContentId(i % 2 == 0 ? '\0' : 'k', RepositoryRun.RandomBytes(random, hashBytes)), packs[i % 2], random.Next(), i % 4 == 0, (uint)random.Next(1 << 24), 128, 100, version == 1 ? 0u : 0x1101u, 3, 0));
        return IndexBuilder.Build(version, IndexBuilder.SortAndMerge(entries).ToArray(), []);
    }

    private static byte[] Zip(byte[] plain)
    {
        using MemoryStream zipped = new();
        using (GZipStream gzip = new(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return zipped.ToArray();
    }

    private static byte[] Unzip(byte[] zipped)
    {
        using GZipStream gzip = new(new MemoryStream(zipped), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
