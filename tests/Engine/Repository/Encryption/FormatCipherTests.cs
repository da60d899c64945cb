using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Encryption;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Encryption;

public sealed class FormatCipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void The_format_reads_back() =>
        Assert.Equal("{}"u8.ToArray(), FormatCipher.Decrypt(Key, Key, FormatCipher.Encrypt(Key, Key, "{}"u8)));

    [Fact]
    public void Another_key_is_a_wrong_password()
    {
        var stored = FormatCipher.Encrypt(Key, Key, "{}"u8);
        Assert.Equal(ErrorKind.WrongPassword, Assert.Throws<BackupException>(() => FormatCipher.Decrypt(new byte[32], Key, stored)).Kind);
    }

    [Fact]
    public void Too_few_bytes_are_corrupt() =>
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => FormatCipher.Decrypt(Key, Key, new byte[27])).Kind);

    [Fact]
    public void The_maintenance_key_is_Kopia_s() =>
        Assert.Equal("a1f3565e6e924af5bff9be5b1d1b4e199d03a9a679196af5756232d902a76b16",
            Convert.ToHexStringLower(MaintenanceCipher.DeriveKey(Key, Key)));

    [Fact]
    public void The_maintenance_schedule_reads_back_and_damage_is_noticed()
    {
        var stored = MaintenanceCipher.Encrypt(Key, Key, "{}"u8);
        Assert.Equal("{}"u8.ToArray(), MaintenanceCipher.Decrypt(Key, Key, stored));
        stored[13] ^= 1;
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<BackupException>(() => MaintenanceCipher.Decrypt(Key, Key, stored)).Kind);
    }
}
