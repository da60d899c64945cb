using System.Text;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Hashing;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

public sealed class ContentHasherTests
{
    private static readonly byte[] CountingKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("BLAKE2B-256-128", "", "4e51e7a913fc80137da52880fecca175")]
    [InlineData("BLAKE2B-256-128", "hello", "bc2cf927f9ed52cc29116e6a5cfdbdf9")]
    public void Gives_Kopia_s_hash_under_the_counting_key(string algorithm, string text, string expected)
    {
        using var hasher = ContentHasher.Create(algorithm, CountingKey);
        Assert.Equal(expected, HashHex(hasher, Encoding.ASCII.GetBytes(text)));
    }

    // RFC 7693 gives no keyed 32-byte vector; these are from Python's hashlib (blake2b, digest_size=32), bytes i mod 251.
    [Theory]
    [InlineData(0, 0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")]
    [InlineData(0, 1, "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314")]
    [InlineData(0, 127, "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72")]
    [InlineData(0, 128, "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1")]
    [InlineData(0, 129, "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9")]
    [InlineData(0, 256, "582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24")]
    [InlineData(0, 257, "227e15ed64ee8e93eb7bc53828f76eed974f2c4ab1408c3d08f212b7f8d69904")]
    [InlineData(0, 1000, "b372d0608f720c8c3dd41e9c8eecb10143b41abe520b616607e754bf79c08331")]
    [InlineData(0, 100000, "916cfaa800ee55811e82095babeb88ea29c9ef8a36e8d7e20c7b772c344c9e1c")]
    [InlineData(1, 0, "52897a9c27e9781839168d22a76145b07a8a7f8cd85c1d3709e5b09468405099")]
    [InlineData(1, 1, "b83b195358b8160b1682c855fc8d09be3492bca2847ad0d9f0e853d8b5eeee95")]
    [InlineData(1, 127, "3788ac662550cbb99595558814a8f94423a636af77ab0e5021f3e29a7fa4e71c")]
    [InlineData(1, 128, "8ee3418ab42134c22949bd52cf8106e11a0895c0963fd4777f763a031c17118e")]
    [InlineData(1, 129, "a6128c5d696f06f894c0c1578a9a8ef1e4605ffcecd76a93ac2b2b1fc2563388")]
    [InlineData(1, 256, "f0d1aa68539b15f737d46a01371cef796e5be0b18a307ecafe280df2284a6a03")]
    [InlineData(1, 257, "3c5500adc72ad00a5968d2c7641d7d5ba0a564061df326b7aa7f6cd703953e7a")]
    [InlineData(1, 1000, "99754e85e163840f2952909351986ef421bb1ee8b75a9d59d7d265c183e15e1c")]
    [InlineData(1, 100000, "2b411b4ca4281fff7d88c60c209a45b40e3489250cf1afa2ecfee3dcaa13efea")]
    [InlineData(32, 0, "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d")]
    [InlineData(32, 1, "41ff93a4eaeebd3b78a93438a6f62a92ab5959c859e682b72c7def406197ca4d")]
    [InlineData(32, 127, "12879e69734944f25f9ed95cbfdbb3659a307e485ed8ec118ce7c60f107357f1")]
    [InlineData(32, 128, "138893f1631ef3165629515d6ed800da3771b7926dced294205c7507351deebc")]
    [InlineData(32, 129, "ca60f75cbb714330c046d8f28b4ed351a3ee81776bb02a96abb646fe573e3d5c")]
    [InlineData(32, 256, "da3bcd809850732f09afb9c749da4fc019f47d0ea35a28282f482ef5ffd91378")]
    [InlineData(32, 257, "2ab00e85cc9d8b39f1570b3bedf7aa7434624efdd07eb8b3a705dd65ffc4d87a")]
    [InlineData(32, 1000, "bf9c0d3a2590251349ad634ad07f03958d0be63d5f9533daf62752de734b2c76")]
    [InlineData(32, 100000, "a3d6678f3ac4f0550dbc8621a3bdba2fd20d2b5181e935a068799a1c2e7fa69e")]
    public void Gives_BLAKE2b_256_at_every_edge_of_a_block(int keyBytes, int length, string expected)
    {
        using var hasher = ContentHasher.Create("BLAKE2B-256", CountingKey.AsSpan(0, keyBytes));
        Assert.Equal(expected, HashHex(hasher, Pattern(length)));
    }

    [Fact]
    public void Refuses_an_unknown_algorithm_by_name()
    {
        var e = Assert.Throws<BackupException>(() => ContentHasher.Create("MD5", CountingKey));
        Assert.Equal(ErrorKind.Unsupported, e.Kind);
        Assert.Contains("MD5", e.Message, StringComparison.Ordinal);
    }

    internal static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];

    internal static string HashHex(ContentHasher hasher, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[hasher.HashLength];
        hasher.Hash(data, hash);
        return Convert.ToHexStringLower(hash);
    }
}
