using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>
/// The cipher of the blob <c>kopia.maintenance</c>: section 11.2 of the format notes, kopia v0.23.1
/// <c>repo/maintenance/maintenance_schedule.go</c>. The secret is the master key, or in version-1 repositories the format key.
/// </summary>
internal static class MaintenanceCipher
{
    private const int KeyBytes = 32;

    /// <summary>Encrypts under a fresh nonce: <c>nonce(12) || ciphertext || tag(16)</c>.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> uniqueId, ReadOnlySpan<byte> plaintext)
    {
        var key = DeriveKey(secret, uniqueId);
        try
        {
            return SealedBytes.Seal(key, "maintenance"u8, plaintext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> made, or throws <see cref="ErrorKind.Corrupt"/>.</summary>
    public static byte[] Decrypt(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> uniqueId, ReadOnlySpan<byte> stored)
    {
        var key = DeriveKey(secret, uniqueId);
        try
        {
            return SealedBytes.TryOpen(key, "maintenance"u8, stored)
                ?? throw new BackupException(ErrorKind.Corrupt, "The blob kopia.maintenance is damaged.",
                    "Delete the blob kopia.maintenance: the next maintenance writes a new one.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The blob's key, apart so that it can be held against the published vector.</summary>
    internal static byte[] DeriveKey(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> uniqueId) =>
        KeyDerivation.Hkdf(secret, uniqueId, "maintenance schedule"u8, KeyBytes);
}
