using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Compression;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Compression;

/// <summary>Streams that other programs wrote: the lz4, gzip and zstd commands and libsnappy, all from the same text.</summary>
public sealed class ForeignStreamTests
{
    private const int TextBytes = 200_000;

    [Theory]
    [InlineData("lz4", "linked-blocks.lz4")]
    [InlineData("lz4", "block-checksums.lz4")]
    [InlineData("lz4", "no-content-checksum.lz4")]
    [InlineData("lz4", "content-size.lz4")]
    [InlineData("zstd", "unknown-size.zst")]
    [InlineData("zstd-best-compression", "long-window.zst")]
    [InlineData("zstd-fastest", "two-frames.zst")]
    [InlineData("pgzip", "two-members.gz")]
    [InlineData("s2-default", "framed.sz")]
    public void Is_read_with_and_without_knowing_the_length(string compressor, string file)
    {
        var id = ContentCompression.HeaderIdFor(compressor);
        var stream = Fixture(file);
        var expected = ContentCompressionTests.Text(TextBytes);
        var back = new byte[TextBytes];
        ContentCompression.Decompress(id, stream, back);
        Assert.Equal(expected, back);
        Assert.Equal(expected, ContentCompression.DecompressBounded(id, stream, TextBytes));
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => ContentCompression.DecompressBounded(id, stream, TextBytes - 1)).Kind);
    }

    [Theory]
    [InlineData("lz4", "linked-blocks.lz4", 0)]
    [InlineData("lz4", "no-content-checksum.lz4", 0)]
    [InlineData("zstd", "unknown-size.zst", 0)]
    [InlineData("pgzip", "two-members.gz", 0)]
    [InlineData("deflate-default", "two-members.gz", 0)]
    [InlineData("s2-default", "framed.sz", 0)]
    public void Damage_ends_in_the_typed_error_and_nothing_else(string compressor, string file, int seed)
    {
        var random = seed == 0 ? TestSeed.Random() : TestSeed.Random(seed);
        var id = ContentCompression.HeaderIdFor(compressor);
        var whole = Fixture(file);
        for (var round = 0; round < 300; round++)
        {
            var stream = Damaged(whole, random);
            try
            {
                Assert.InRange(ContentCompression.DecompressBounded(id, stream, 2 * TextBytes).Length, 0, 2 * TextBytes);
            }
            catch (BackupException e)
            {
                Assert.Equal(ErrorKind.Corrupt, e.Kind);
            }
        }
    }

    [Theory]
    [InlineData("lz4", 0)]
    [InlineData("zstd", 0)]
    [InlineData("gzip", 0)]
    [InlineData("deflate-default", 0)]
    [InlineData("s2-default", 0)]
    public void Random_bytes_end_in_the_typed_error_and_nothing_else(string compressor, int seed)
    {
        var random = seed == 0 ? TestSeed.Random() : TestSeed.Random(seed);
        var id = ContentCompression.HeaderIdFor(compressor);
        for (var round = 0; round < 300; round++)
        {
            var stream = new byte[random.Next(200)];
            random.NextBytes(stream);
            var e = Record.Exception(() => ContentCompression.Decompress(id, stream, new byte[1 << 16]));
            Assert.Equal(ErrorKind.Corrupt, Assert.IsType<BackupException>(e).Kind);
        }
    }

    [Theory]
    [InlineData("lz4", "linked-blocks.lz4")]
    [InlineData("zstd", "unknown-size.zst")]
    [InlineData("gzip", "two-members.gz")]
    [InlineData("s2-default", "framed.sz")]
    public void Every_way_of_cutting_it_short_is_noticed(string compressor, string file)
    {
        var id = ContentCompression.HeaderIdFor(compressor);
        var whole = Fixture(file);
        for (var length = 0; length < whole.Length; length += 1 + (whole.Length / 150))
        {
            var cut = whole[..length];
            Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => ContentCompression.Decompress(id, cut, new byte[TextBytes])).Kind);
        }
    }

    // Hand-made S2 blocks: "ab", a copy of 6 from 2 back, then repeats with each length of the length.
    [Theory]
    [InlineData("0c" + "046162" + "0902" + "0100", 12)]
    [InlineData("11" + "046162" + "0902" + "150001", 17)]
    [InlineData("8d02" + "046162" + "0902" + "19000100", 269)]
    [InlineData("8d8004" + "046162" + "0902" + "1d00010000", 65_549)]
    public void The_repeat_codes_of_S2_go_on_with_the_last_offset(string block, int length)
    {
        var output = new byte[length];
        Assert.Equal(DecodeOutcome.Done, SnappyBlock.Decode(Convert.FromHexString(block), output, out var written));
        Assert.Equal(length, written);
        Assert.All(output, (value, i) => Assert.Equal(i % 2 == 0 ? (byte)'a' : (byte)'b', value));
    }

    [Theory]
    [InlineData("0c" + "0100")]
    [InlineData("06" + "046162" + "0103")]
    [InlineData("03" + "046162")]
    [InlineData("ffffffff0f" + "00")]
    public void A_block_that_refers_before_its_start_or_misses_its_length_is_damaged(string block) =>
        Assert.Equal(DecodeOutcome.Damaged, SnappyBlock.Decode(Convert.FromHexString(block), new byte[100], out _));

    [Fact]
    public void The_masked_checksum_is_Snappy_s() => Assert.Equal(0xc78ab0e5u, SnappyStream.MaskedChecksum("123456789"u8));

    [Theory]
    [InlineData("", 0x02cc5d05)]
    [InlineData("Nobody inspects the spammish repetition", 0xe2293b2f)]
    public void XxHash_gives_the_published_values(string text, uint expected) =>
        Assert.Equal(expected, XxHash32.Hash(System.Text.Encoding.ASCII.GetBytes(text)));

    private static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "Compression", name));

    private static byte[] Damaged(byte[] whole, Random random)
    {
        var copy = whole[..(random.Next(4) == 0 ? random.Next(whole.Length) : whole.Length)];
        for (var i = random.Next(1, 8); i > 0 && copy.Length > 0; i--)
        {
            // The beginning holds the lengths and flags.
            copy[random.Next(random.Next(2) == 0 ? Math.Min(40, copy.Length) : copy.Length)] = (byte)random.Next(256);
        }
        return copy;
    }
}
