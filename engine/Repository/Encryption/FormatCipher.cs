using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>
/// The cipher of the format blob's inner configuration and of <c>kopia.blobcfg</c>: section 2.3 of the format notes, kopia
/// v0.23.1 <c>internal/crypto</c>. AES-256-GCM; key and additional data are both derived from the format key with the
/// repository's unique id as salt.
/// </summary>
internal static class FormatCipher
{
    private const int KeyBytes = 32;

    /// <summary>Encrypts under a fresh nonce: <c>nonce(12) || ciphertext || tag(16)</c>.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> formatKey, ReadOnlySpan<byte> uniqueId, ReadOnlySpan<byte> plaintext)
    {
        var (key, associatedData) = Derive(formatKey, uniqueId);
        try
        {
            return SealedBytes.Seal(key, associatedData, plaintext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>
    /// Decrypts what <see cref="Encrypt"/> made. Damage and a wrong password cannot be told apart, and the password is the
    /// likelier: throws <see cref="ErrorKind.WrongPassword"/>, or <see cref="ErrorKind.Corrupt"/> when the bytes are too few.
    /// </summary>
    public static byte[] Decrypt(ReadOnlySpan<byte> formatKey, ReadOnlySpan<byte> uniqueId, ReadOnlySpan<byte> stored)
    {
        var (key, associatedData) = Derive(formatKey, uniqueId);
        try
        {
            return SealedBytes.TryOpen(key, associatedData, stored)
                ?? throw new BackupException(ErrorKind.WrongPassword, "The password does not open the repository.",
                    "Check the repository password; if it is right, the blob kopia.repository is damaged.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static (byte[] Key, byte[] AssociatedData) Derive(ReadOnlySpan<byte> formatKey, ReadOnlySpan<byte> uniqueId) =>
        (KeyDerivation.Hkdf(formatKey, uniqueId, "AES"u8, KeyBytes), KeyDerivation.Hkdf(formatKey, uniqueId, "CHECKSUM"u8, KeyBytes));
}
