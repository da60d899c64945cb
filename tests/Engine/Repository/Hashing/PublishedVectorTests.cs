using System.Runtime.Intrinsics.X86;
using BackupFunctions.Engine.Repository.Hashing;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

/// <summary>
/// The hashes against published vectors, by every compression function that this machine has. The scalar one is always there; the
/// others are also compared with it (<see cref="Blake2bTests"/>), and test.sh repeats these tests with AVX-512 and AVX2 switched off,
/// so that the choices of a lesser machine are met as well.
/// </summary>
public sealed class PublishedVectorTests
{
    public static TheoryData<string> Paths =>
        [.. new[] { ("scalar", true), ("avx2", Avx2.IsSupported), ("avx512", Avx512F.VL.IsSupported), ("chosen", true) }.Where(static path => path.Item2).Select(static path => path.Item1)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Blake2b_gives_the_known_answers_of_its_authors(string path)
    {
        string[] expected = [.. Vectors.Read("blake2b.txt").Select(static line => line[0])];
        byte[] key = Vectors.Counting(64);
        Assert.Equal(256, expected.Length);
        Assert.Equal(expected, Enumerable.Range(0, 256).Select(n => Convert.ToHexStringLower(Vectors.Blake2bDigest(Function(path), key, Vectors.Counting(n), 64))));
    }

    [Fact]
    public void Blake2s_gives_the_known_answers_of_its_authors()
    {
        using ContentHasher hasher = ContentHasher.Create("BLAKE2S-256", Vectors.Counting(32));
        Assert.Equal(
            Vectors.Read("blake2s.txt").Select(static line => line[0]), Enumerable.Range(0, 256).Select(n => ContentHasherTests.HashHex(hasher, Vectors.Counting(n))));
    }

    // RFC 7693, appendix E: digests of several lengths with and without key, hashed together.
    [Theory]
    [MemberData(nameof(Paths))]
    public void Blake2b_passes_the_self_test_of_RFC_7693(string path)
    {
        List<byte> all = [];
        foreach (int digest in (int[])[20, 32, 48, 64])
        {
            foreach (int length in (int[])[0, 3, 128, 129, 255, 1024])
            {
                byte[] data = Vectors.Fibonacci(length, (uint)length);
                all.AddRange(Vectors.Blake2bDigest(Function(path), [], data, digest));
                all.AddRange(Vectors.Blake2bDigest(Function(path), Vectors.Fibonacci(digest, (uint)digest), data, digest));
            }
        }

        Assert.Equal(
            "c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475",
            Convert.ToHexStringLower(Vectors.Blake2bDigest(Function(path), [], all.ToArray(), 32)));
    }

    [Fact]
    public void Blake2s_passes_the_self_test_of_RFC_7693()
    {
        List<byte> all = [];
        foreach (int digest in (int[])[16, 20, 28, 32])
        {
            foreach (int length in (int[])[0, 3, 64, 65, 255, 1024])
            {
                byte[] data = Vectors.Fibonacci(length, (uint)length);
                all.AddRange(Vectors.Blake2sDigest([], data, digest));
                all.AddRange(Vectors.Blake2sDigest(Vectors.Fibonacci(digest, (uint)digest), data, digest));
            }
        }

        Assert.Equal(
            "6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe", Convert.ToHexStringLower(Vectors.Blake2sDigest([], all.ToArray(), 32)));
    }

    [Fact]
    public void Blake3_gives_the_official_vectors_in_all_three_modes()
    {
        using ContentHasher unkeyed = Blake3Hasher.Unkeyed(), keyed = ContentHasher.Create("BLAKE3-256", "whats the Elvish word for friend"u8);
        string[][] vectors = [.. Vectors.Read("blake3.txt")];
        Assert.Equal(22, vectors.Length);
        Assert.All(vectors, vector =>
        {
            byte[] data = ContentHasherTests.Pattern(int.Parse(vector[0], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(vector[1], ContentHasherTests.HashHex(unkeyed, data));
            Assert.Equal(vector[2], ContentHasherTests.HashHex(keyed, data));
            Assert.Equal(vector[3], Convert.ToHexStringLower(Blake3Hasher.DeriveKey("BLAKE3 2019-12-27 16:29:52 test vectors context"u8, data)));
        });
    }

    // RFC 4231, test cases 1 to 7 (5 is given truncated); the inputs as hexadecimal digits.
    [Theory]
    [InlineData("0b*20", "4869205468657265", "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("aa*20", "dd*50", "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")]
    [InlineData("0102030405060708090a0b0c0d0e0f10111213141516171819", "cd*50", "6c11506874013cac6a2abc1bb382627cec6a90d86efc012de7afec5a", "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")]
    [InlineData("0c*20", "546573742057697468205472756e636174696f6e", "0e2aea68a90c8d37c988bcdb9fca6fa8", "a3b6167473100ee06e0c796c2955552b")]
    [InlineData("aa*131", "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374", "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    [InlineData("aa*131", "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e", "3a854166ac5d9f023f54d517d0b39dbd946770db9c2b95c9f6f565d1", "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")]
    public void Hmac_gives_the_vectors_of_RFC_4231(string key, string data, string sha224, string sha256)
    {
        AssertHash("HMAC-SHA224", Bytes(key), Bytes(data), sha224);
        AssertHash("HMAC-SHA256", Bytes(key), Bytes(data), sha256);
        AssertHash("HMAC-SHA256-128", Bytes(key), Bytes(data), sha256[..32]);
    }

    // NIST, "Examples with intermediate values", HMAC_SHA3-224 and HMAC_SHA3-256, samples 1 and 2.
    [Theory]
    [InlineData("HMAC-SHA3-224", 28, "Sample message for keylen<blocklen", "332cfd59347fdb8e576e77260be4aba2d6dc53117b3bfb52c6d18c04")]
    [InlineData("HMAC-SHA3-224", 144, "Sample message for keylen=blocklen", "d8b733bcf66c644a12323d564e24dcf3fc75f231f3b67968359100c7")]
    [InlineData("HMAC-SHA3-256", 32, "Sample message for keylen<blocklen", "4fe8e202c4f058e8dddc23d8c34e467343e23555e24fc2f025d598f558f67205")]
    [InlineData("HMAC-SHA3-256", 136, "Sample message for keylen=blocklen", "68b94e2e538a9be4103bebb5aa016d47961d4d1aa906061313b557f8af2c3faa")]
    public void Hmac_gives_the_examples_of_NIST(string algorithm, int keyBytes, string text, string expected) =>
        AssertHash(algorithm, Vectors.Counting(keyBytes), System.Text.Encoding.ASCII.GetBytes(text), expected);

    private static void AssertHash(string algorithm, byte[] key, byte[] data, string expected)
    {
        using ContentHasher hasher = ContentHasher.Create(algorithm, key);
        Assert.StartsWith(expected, ContentHasherTests.HashHex(hasher, data), StringComparison.Ordinal);
    }

    /// <summary>Hexadecimal digits, or one byte and how often it is repeated.</summary>
    private static byte[] Bytes(string text)
    {
        string[] parts = text.Split('*');
        return parts.Length == 1
            ? Convert.FromHexString(text)
            : [.. Enumerable.Repeat(Convert.FromHexString(parts[0])[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static Blake2bTests.CompressionFunction Function(string path) => path switch
    {
        "scalar" => Blake2bScalar.Compress,
        "avx2" => Blake2bAvx2.Compress,
        "avx512" => Blake2bAvx512.Compress,
        _ => Blake2b.Compress,
    };
}
