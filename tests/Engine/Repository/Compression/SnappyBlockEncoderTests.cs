using BackupFunctions.Engine.Repository.Compression;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Compression;

public sealed class SnappyBlockEncoderTests
{
    // "format_description.txt": a length; literals (0) with their length less one in the upper six bits; copies with two offset bytes (2).
    [Theory]
    [InlineData("", "00")]
    [InlineData("abc", "03" + "08616263")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "14" + "0061" + "4a0100")]
    [InlineData("abcdabcdabcd", "0c" + "0c61626364" + "1104")]
    public void Writes_what_the_description_of_the_format_says(string text, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(Encode(System.Text.Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Whatever_it_writes_is_read_back_and_within_the_promised_length()
    {
        Random random = TestSeed.Random();
        for (var round = 0; round < 400; round++)
        {
            var data = Data(random, round < 20 ? SnappyBlockEncoder.MaxBlockBytes : random.Next(4000));
            var block = Encode(data);
            var back = new byte[data.Length];
            Assert.InRange(block.Length, 1, SnappyBlockEncoder.MaxLength(data.Length));
            Assert.Equal(DecodeOutcome.Done, SnappyBlock.Decode(block, back, out var written));
            Assert.Equal((data.Length, true), (written, data.AsSpan().SequenceEqual(back)));
        }
    }

    [Fact]
    public void A_longer_block_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SnappyBlockEncoder.Encode(new byte[SnappyBlockEncoder.MaxBlockBytes + 1], new byte[1 << 20]));

    private static byte[] Encode(byte[] data)
    {
        var block = new byte[SnappyBlockEncoder.MaxLength(data.Length)];
        return block[..SnappyBlockEncoder.Encode(data, block)];
    }

    // Random bytes, runs of one byte, and repetitions of what was there before, of all lengths and distances.
    private static byte[] Data(Random random, int length)
    {
        var data = new byte[length];
        for (var at = 0; at < length;)
        {
            var part = data.AsSpan(at, Math.Min(length - at, random.Next(1, random.Next(4) == 0 ? 400 : 20)));
            at += part.Length;
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(part);
                    break;
                case 1:
                    part.Fill((byte)random.Next(4));
                    break;
                default:
                    data.AsSpan(random.Next(Math.Max(1, at - (2 * part.Length))), part.Length).CopyTo(part);
                    break;
            }
        }
        return data;
    }
}
