using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Compression;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Compression;

public sealed class ContentCompressionTests
{
    public static TheoryData<string> Written => [.. Compressor.All.Where(c => c.CanWrite).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Written))]
    public void Reads_back_what_it_wrote(string name)
    {
        var id = ContentCompression.HeaderIdFor(name);
        foreach (var length in new[] { 0, 1, 1000, 300_000 })
        {
            var data = Text(length);
            var stream = Compress(id, data);
            var back = new byte[length];
            ContentCompression.Decompress(id, stream, back);
            Assert.Equal(data, back);
            Assert.Equal(data, ContentCompression.DecompressBounded(id, stream, Math.Max(1, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Random_bytes_fit_into_the_promised_length_but_not_into_their_own(string name)
    {
        var id = ContentCompression.HeaderIdFor(name);
        var data = new byte[10_000];
        TestSeed.Random().NextBytes(data);
        Assert.True(ContentCompression.TryCompress(id, data, new byte[ContentCompression.MaxCompressedLength(id, data.Length)], out _));
        Assert.False(ContentCompression.TryCompress(id, data, new byte[data.Length - 1], out _));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_wrong_original_length_is_corrupt(string name)
    {
        var id = ContentCompression.HeaderIdFor(name);
        var stream = Compress(id, Text(1000));
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => ContentCompression.Decompress(id, stream, new byte[999])).Kind);
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => ContentCompression.Decompress(id, stream, new byte[1001])).Kind);
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => ContentCompression.DecompressBounded(id, stream, 999)).Kind);
    }

    [Fact]
    public void Names_and_header_ids_are_Kopia_s()
    {
        Assert.Equal(0x1101u, ContentCompression.HeaderIdFor("zstd-fastest"));
        Assert.Equal("zstd-fastest", ContentCompression.NameOf(ContentCompression.ZstdFastest));
        Assert.All(Compressor.All, c => Assert.Equal(c.HeaderId, ContentCompression.HeaderIdFor(c.Name)));
    }

    [Fact]
    public void Unknown_compressors_are_refused_by_name_or_id()
    {
        Assert.Contains("brotli", Assert.Throws<BackupException>(() => ContentCompression.HeaderIdFor("brotli")).Message, StringComparison.Ordinal);
        Assert.Contains("0x1600", Assert.Throws<BackupException>(() => ContentCompression.NameOf(0x1600)).Message, StringComparison.Ordinal);
    }

    internal static byte[] Compress(uint id, ReadOnlySpan<byte> data)
    {
        var buffer = new byte[ContentCompression.MaxCompressedLength(id, data.Length)];
        Assert.True(ContentCompression.TryCompress(id, data, buffer, out var written));
        return buffer[..written];
    }

    internal static byte[] Text(int length)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
        {
            data[i] = (byte)('a' + (i * 7 % 13 * (i / 100 % 7) % 26));
        }
        return data;
    }
}
