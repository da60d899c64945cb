using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Encryption;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Encryption;

public sealed class ContentCipherTests
{
    private static ReadOnlySpan<byte> MasterKey => "01234567890123456789012345678901"u8;

    private static ReadOnlySpan<byte> Iv => "aabbccddeeffgghhiijjkkllmmnnoopp"u8;

    [Theory]
    [InlineData("AES256-GCM-HMAC-SHA256", "e43ba07f85a6d70c5f1102ca06cf19c597e5f91e527b21f00fb76e8bec3fd1")]
    [InlineData("CHACHA20-POLY1305-HMAC-SHA256", "118359f3d4d589d939efbbc3168ae4c77c51bcebce6845fe6ef5d11342faa6")]
    public void Decrypts_Kopia_s_own_test_vector(string algorithm, string stored)
    {
        using var cipher = ContentCipher.Create(algorithm, MasterKey);
        var plaintext = new byte[3];
        cipher.Decrypt(Convert.FromHexString(stored), Iv, plaintext);
        Assert.Equal("foo"u8.ToArray(), plaintext);
    }

    [Theory]
    [InlineData("AES256-GCM-HMAC-SHA256", 0)]
    [InlineData("AES256-GCM-HMAC-SHA256", 100_000)]
    [InlineData("CHACHA20-POLY1305-HMAC-SHA256", 0)]
    [InlineData("CHACHA20-POLY1305-HMAC-SHA256", 100_000)]
    public void Reads_back_what_it_wrote(string algorithm, int length)
    {
        using var cipher = ContentCipher.Create(algorithm, MasterKey);
        var plaintext = new byte[length];
        TestSeed.Random().NextBytes(plaintext);
        var stored = new byte[length + ContentCipher.OverheadBytes];
        cipher.Encrypt(plaintext, Iv, stored);
        var inPlace = new byte[stored.Length];
        plaintext.CopyTo(inPlace, ContentCipher.NonceBytes);
        cipher.Encrypt(inPlace.AsSpan(ContentCipher.NonceBytes, length), Iv, inPlace);
        var back = new byte[length];
        cipher.Decrypt(inPlace, Iv, back);
        Assert.Equal(plaintext, back);
        cipher.Decrypt(stored, Iv, back);
        Assert.Equal(plaintext, back);
    }

    [Fact]
    public void Two_encryptions_of_the_same_bytes_differ()
    {
        using var cipher = ContentCipher.Create(ContentCipher.DefaultAlgorithm, MasterKey);
        var (one, two) = (new byte[128], new byte[128]);
        cipher.Encrypt(new byte[100], Iv, one);
        cipher.Encrypt(new byte[100], Iv, two);
        Assert.NotEqual(one, two);
    }

    [Theory]
    [InlineData("AES256-GCM-HMAC-SHA256")]
    [InlineData("CHACHA20-POLY1305-HMAC-SHA256")]
    public void Every_damaged_byte_is_noticed(string algorithm)
    {
        using var cipher = ContentCipher.Create(algorithm, MasterKey);
        var stored = new byte[40 + ContentCipher.OverheadBytes];
        cipher.Encrypt(new byte[40], Iv, stored);
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] ^= 0x10;
            Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => cipher.Decrypt(stored, Iv, new byte[40])).Kind);
            stored[i] ^= 0x10;
        }
    }

    [Fact]
    public void Another_iv_does_not_open_it()
    {
        using var cipher = ContentCipher.Create(ContentCipher.DefaultAlgorithm, MasterKey);
        var stored = new byte[ContentCipher.OverheadBytes];
        cipher.Encrypt([], Iv, stored);
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => cipher.Decrypt(stored, Iv[1..], [])).Kind);
    }

    [Fact]
    public void Too_few_bytes_are_corrupt()
    {
        using var cipher = ContentCipher.Create(ContentCipher.DefaultAlgorithm, MasterKey);
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => cipher.Decrypt(new byte[27], Iv, [])).Kind);
    }

    [Fact]
    public void Refuses_an_unknown_algorithm_by_name()
    {
        var e = Assert.Throws<BackupException>(() => ContentCipher.Create("NONE", MasterKey));
        Assert.Equal(ErrorKind.Unsupported, e.Kind);
        Assert.Contains("NONE", e.Message, StringComparison.Ordinal);
    }
}
