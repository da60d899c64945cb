using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>AES-256-GCM over small blobs: <c>nonce(12) || ciphertext || tag(16)</c>.</summary>
internal static class SealedBytes
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext)
    {
        var output = new byte[NonceBytes + plaintext.Length + TagBytes];
        var nonce = output.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aead = new AesGcm(key, TagBytes);
        aead.Encrypt(nonce, plaintext, output.AsSpan(NonceBytes, plaintext.Length), output.AsSpan(^TagBytes), associatedData);
        return output;
    }

    /// <summary>Null when the bytes do not fit the key and the associated data; <see cref="ErrorKind.Corrupt"/> when they are too few.</summary>
    public static byte[]? TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> stored)
    {
        if (stored.Length < NonceBytes + TagBytes)
        {
            throw new BackupException(ErrorKind.Corrupt, $"Encrypted data has {stored.Length} bytes; the least possible is {NonceBytes + TagBytes}.",
                "Restore the named blob from a copy of the bucket if there is one.");
        }
        var plaintext = new byte[stored.Length - NonceBytes - TagBytes];
        using var aead = new AesGcm(key, TagBytes);
        try
        {
            aead.Decrypt(stored[..NonceBytes], stored[NonceBytes..^TagBytes], stored[^TagBytes..], plaintext, associatedData);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
