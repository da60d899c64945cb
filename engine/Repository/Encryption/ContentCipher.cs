using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>
/// Encrypts contents and whole blobs: section 3.2 of the format notes, kopia v0.23.1 <c>repo/encryption</c>. Every content
/// has a key of its own, derived from the master key and its iv; stored bytes are
/// <c>nonce(12) || ciphertext || tag(16)</c>, and the iv is authenticated with them. Safe for use from many threads.
/// </summary>
internal sealed class ContentCipher : IDisposable
{
    /// <summary>By how much the stored bytes are longer than the plaintext.</summary>
    public const int OverheadBytes = NonceBytes + TagBytes;

    public const string AesGcm = "AES256-GCM-HMAC-SHA256";
    public const string ChaCha20Poly1305 = "CHACHA20-POLY1305-HMAC-SHA256";

    /// <summary>The algorithm of a new repository.</summary>
    public const string DefaultAlgorithm = AesGcm;

    /// <summary>What lies before the encrypted bytes.</summary>
    public const int NonceBytes = 12;

    /// <summary>What lies behind them.</summary>
    public const int TagBytes = 16;

    private const int KeyBytes = 32;

    private readonly byte[] _derivationSecret;
    private readonly bool _chaCha;

    private ContentCipher(byte[] derivationSecret, bool chaCha)
    {
        _derivationSecret = derivationSecret;
        _chaCha = chaCha;
    }

    /// <summary>Every algorithm that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [AesGcm, ChaCha20Poly1305];

    /// <summary>Makes the cipher of the named algorithm; nothing of <paramref name="masterKey"/> is kept but a key derived from it.</summary>
    public static ContentCipher Create(string algorithm, ReadOnlySpan<byte> masterKey)
    {
        var chaCha = algorithm switch
        {
            AesGcm => false,
            ChaCha20Poly1305 => true,
            _ => throw new BackupException(ErrorKind.Unsupported, $"The encryption algorithm '{algorithm}' is not known.",
                "Open the repository with a version that knows it, or choose one of: " + string.Join(", ", Algorithms) + "."),
        };
        // The label is the salt here and the info is empty, unlike in the format blob's derivation.
        return new ContentCipher(KeyDerivation.Hkdf(masterKey, "encryption"u8, [], KeyBytes), chaCha);
    }

    /// <summary>
    /// Encrypts into <paramref name="destination"/>, which must have exactly the plaintext's length plus <see cref="OverheadBytes"/>.
    /// The plaintext may be the bytes that the ciphertext replaces there.
    /// </summary>
    public void Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> iv, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, plaintext.Length + OverheadBytes);
        Span<byte> key = stackalloc byte[KeyBytes];
        DeriveKey(iv, key);
        var nonce = destination[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        var ciphertext = destination.Slice(NonceBytes, plaintext.Length);
        var tag = destination[^TagBytes..];
        if (_chaCha)
        {
            using var aead = new ChaCha20Poly1305(key);
            aead.Encrypt(nonce, plaintext, ciphertext, tag, iv);
        }
        else
        {
            using var aead = new AesGcm(key, TagBytes);
            aead.Encrypt(nonce, plaintext, ciphertext, tag, iv);
        }
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>
    /// Decrypts into <paramref name="destination"/>, which must have exactly the stored length minus <see cref="OverheadBytes"/>.
    /// The destination may also be the stored bytes' own middle, from <see cref="NonceBytes"/>.
    /// Throws <see cref="ErrorKind.Corrupt"/> when the bytes are too few or not what was encrypted under this key and iv.
    /// </summary>
    public void Decrypt(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> iv, Span<byte> destination)
    {
        if (stored.Length < OverheadBytes)
        {
            throw new BackupException(ErrorKind.Corrupt,
                $"Encrypted data has {stored.Length} bytes; the least possible is {OverheadBytes}.", CorruptionRemedy);
        }
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, stored.Length - OverheadBytes);
        Span<byte> key = stackalloc byte[KeyBytes];
        DeriveKey(iv, key);
        var nonce = stored[..NonceBytes];
        var ciphertext = stored[NonceBytes..^TagBytes];
        var tag = stored[^TagBytes..];
        try
        {
            if (_chaCha)
            {
                using var aead = new ChaCha20Poly1305(key);
                aead.Decrypt(nonce, ciphertext, tag, destination, iv);
            }
            else
            {
                using var aead = new AesGcm(key, TagBytes);
                aead.Decrypt(nonce, ciphertext, tag, destination, iv);
            }
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new BackupException(ErrorKind.Corrupt,
                $"{stored.Length} encrypted bytes are damaged, or were written with another key.", CorruptionRemedy, e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Begins to decrypt piece by piece what is too long for memory. The caller disposes it.</summary>
    /// <param name="nonce">The first <see cref="NonceBytes"/> stored bytes.</param>
    public StreamDecryptor StartDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> iv)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        DeriveKey(iv, key);
        try
        {
            return new StreamDecryptor(_chaCha, key, nonce, iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_derivationSecret);

    private const string CorruptionRemedy = "Verify the repository, and restore the named blob from a copy of the bucket if there is one.";

    private void DeriveKey(ReadOnlySpan<byte> iv, Span<byte> key) => HMACSHA256.HashData(_derivationSecret, iv, key);
}
