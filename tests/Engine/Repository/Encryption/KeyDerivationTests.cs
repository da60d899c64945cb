using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Encryption;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Encryption;

public sealed class KeyDerivationTests
{
    private static readonly byte[] CountingSalt = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("scrypt-65536-8-1", "ffe609844d93eddf89ad495da77bd83e8cec100e27b03a6257d505de6e36094d")]
    [InlineData("pbkdf2-sha256-600000", "518d6d7b82de0409ec8e6ac75d7c8bbffc679b706969d9122bf26bfdccaa034b")]
    public void Derives_Kopia_s_format_key(string algorithm, string expected)
    {
        var key = new byte[32];
        KeyDerivation.DeriveFormatKey(algorithm, "static-passw0rd", CountingSalt, key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Fact]
    public void The_old_pbkdf2_has_three_quarters_of_2_to_the_20th_iterations()
    {
        var key = new byte[32];
        KeyDerivation.DeriveFormatKey("pbkdf2", "static-passw0rd", CountingSalt, key);
        Assert.Equal(Rfc2898DeriveBytes.Pbkdf2("static-passw0rd", CountingSalt, 786_432, HashAlgorithmName.SHA256, 32), key);
    }

    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Scrypt_gives_the_vectors_of_RFC_7914(string password, string salt, int cost, int blockSize, int parallelization, string expected)
    {
        var key = new byte[64];
        (byte[] secret, byte[] bytes) = (System.Text.Encoding.ASCII.GetBytes(password), System.Text.Encoding.ASCII.GetBytes(salt));
        Scrypt.Derive(secret, bytes, cost, blockSize, parallelization, key);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
        if (password.Length > 0) // OpenSSL's call takes no null for an empty one
        {
            Scrypt.DeriveByOpenSsl(secret, bytes, cost, blockSize, parallelization, key);
            Assert.Equal(expected, Convert.ToHexStringLower(key));
        }
    }

    [Fact]
    public void Hkdf_gives_Kopia_s_test_vector() =>
        Assert.Equal("828769ee8969bc37f11dbaa32838f8db6c19daa6e3ae5f5eed2da2d94d8faddb",
            Convert.ToHexStringLower(KeyDerivation.Hkdf("ABCDEFGHIJKLMNOP"u8, "0123456789012345"u8, "the-test-purpose"u8, 32)));

    [Theory]
    [InlineData("AES", "40b4dbe53119dcba4a63bfdcda08da6f0c89041d64355962e8a2076796626bc2")]
    [InlineData("CHECKSUM", "d0d652b890ca4d62b340f8466bb95997f7a4a61a1c005a5c7153601dea229045")]
    public void Hkdf_derives_the_keys_of_the_format_blob(string purpose, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(KeyDerivation.Hkdf(
            Convert.FromHexString("ffe609844d93eddf89ad495da77bd83e8cec100e27b03a6257d505de6e36094d"),
            CountingSalt, System.Text.Encoding.ASCII.GetBytes(purpose), 32)));

    [Fact]
    public void Refuses_an_unknown_derivation_by_name() =>
        Assert.Contains("argon2", Assert.Throws<BackupException>(
            () => KeyDerivation.DeriveFormatKey("argon2", "x", CountingSalt, new byte[32])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_short_unique_id_is_corrupt() =>
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(
            () => KeyDerivation.DeriveFormatKey("scrypt-65536-8-1", "x", new byte[15], new byte[32])).Kind);
}
