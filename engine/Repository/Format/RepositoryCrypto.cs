using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Hashing;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>The repository's keyed hash and cipher, and how they name and encrypt contents and whole blobs. Thread-safe.</summary>
internal sealed class RepositoryCrypto : IDisposable
{
    /// <summary>Bytes that encryption adds.</summary>
    public const int OverheadBytes = ContentCipher.OverheadBytes;

    /// <summary>Those of them that lie before the encrypted bytes.</summary>
    public const int HeadBytes = ContentCipher.NonceBytes;

    /// <summary>Those of them that lie behind.</summary>
    public const int TailBytes = ContentCipher.TagBytes;

    /// <summary>A content's or blob's initialisation vector: the end of its hash.</summary>
    private const int VectorBytes = 16;

    private readonly ContentHasher _hasher;
    private readonly ContentNamer _namer;
    private readonly ContentCipher _cipher;

    public RepositoryCrypto(RepositoryParameters parameters)
    {
        _hasher = ContentHasher.Create(parameters.Hash, parameters.Secret);
        _namer = new ContentNamer(_hasher);
        _cipher = ContentCipher.Create(parameters.Encryption, parameters.MasterKey);
    }

    /// <summary>Bytes of a hash.</summary>
    public int HashLength => _hasher.HashLength;

    /// <summary>The name of a content.</summary>
    public ContentId IdOf(char prefix, ReadOnlySpan<byte> plain) => _namer.Name(prefix, plain);

    /// <summary>The name of a content, worked out beside those of others; its bytes stay as they are until then.</summary>
    public ValueTask<ContentId> NameAsync(char prefix, ReadOnlyMemory<byte> plain) => _namer.NameAsync(prefix, plain);

    /// <summary>
    /// Encrypts a content; the destination takes <see cref="OverheadBytes"/> more than the plain bytes, which may lie in it, then
    /// behind its first <see cref="HeadBytes"/>.
    /// </summary>
    public void EncryptContent(ContentId id, ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[ContentId.MaxHashLength];
        id.CopyHashTo(hash);
        _cipher.Encrypt(plain, Vector(hash[..id.HashLength]), destination);
    }

    /// <summary>Decrypts a content to <paramref name="destination"/>, which is <see cref="OverheadBytes"/> shorter; false when the bytes were changed.</summary>
    public bool TryDecryptContent(ContentId id, ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[ContentId.MaxHashLength];
        id.CopyHashTo(hash);
        return TryDecrypt(stored, Vector(hash[..id.HashLength]), destination);
    }

    /// <summary>Decrypts a content where it lies and narrows the lease to the plain bytes; false when the bytes were changed (they are lost then).</summary>
    public bool TryDecryptContentInPlace(ContentId id, PooledBytes stored)
    {
        int length = stored.Length - OverheadBytes;
        if (length < 0 || !TryDecryptContent(id, stored.Span, stored.Span.Slice(ContentCipher.NonceBytes, length)))
        {
            return false;
        }

        stored.Narrow(ContentCipher.NonceBytes, length);
        return true;
    }

    /// <summary>Encrypts a pack's local index; <paramref name="vector"/> gets its whole hash.</summary>
    public byte[] EncryptLocalIndex(ReadOnlySpan<byte> index, out byte[] vector)
    {
        vector = new byte[_hasher.HashLength];
        _hasher.Hash(index, vector);
        byte[] stored = new byte[index.Length + OverheadBytes];
        _cipher.Encrypt(index, vector, stored);
        return stored;
    }

    /// <summary>Decrypts a pack's local index; null when the bytes were changed.</summary>
    public byte[]? TryDecryptLocalIndex(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> vector)
    {
        if (stored.Length < OverheadBytes)
        {
            return null;
        }

        byte[] plain = new byte[stored.Length - OverheadBytes];
        return TryDecrypt(stored, vector, plain) ? plain : null;
    }

    /// <summary>Encrypts a whole blob. Its name is prefix, hash in hex, and a dash and the suffix if there is one.</summary>
    public (string Name, byte[] Stored) EncryptBlob(string prefix, ReadOnlySpan<byte> plain, string suffix)
    {
        Span<byte> hash = stackalloc byte[ContentId.MaxHashLength];
        hash = hash[.._hasher.HashLength];
        _hasher.Hash(plain, hash);
        byte[] stored = new byte[plain.Length + OverheadBytes];
        _cipher.Encrypt(plain, Vector(hash), stored);
        string name = prefix + Convert.ToHexStringLower(hash) + (suffix.Length > 0 ? "-" + suffix : "");
        return (name, stored);
    }

    /// <summary>Decrypts a whole blob: its vector is the 32 hex digits before the first dash of its name.</summary>
    /// <exception cref="RepositoryCorruptException">The name has none, or the bytes were changed.</exception>
    public byte[] DecryptBlob(BlobName name, ReadOnlySpan<byte> stored)
    {
        Span<byte> vector = stackalloc byte[VectorBytes];
        ReadVector(name, vector);
        if (stored.Length < OverheadBytes)
        {
            throw new RepositoryCorruptException(name.ToString(), 0, $"at least {OverheadBytes} bytes", $"{stored.Length}");
        }

        byte[] plain = new byte[stored.Length - OverheadBytes];
        return TryDecrypt(stored, vector, plain) ? plain : throw ChangedBlob(name);
    }

    /// <summary>Begins to decrypt a whole blob piece by piece, the same way. The caller disposes it.</summary>
    /// <param name="nonce">The first bytes of the blob.</param>
    /// <exception cref="RepositoryCorruptException">The name has no vector.</exception>
    public StreamDecryptor StartDecryptBlob(BlobName name, ReadOnlySpan<byte> nonce)
    {
        Span<byte> vector = stackalloc byte[VectorBytes];
        ReadVector(name, vector);
        return _cipher.StartDecrypt(nonce, vector);
    }

    /// <summary>What to throw when a blob does not fit its authentication tag.</summary>
    public static RepositoryCorruptException ChangedBlob(BlobName name) =>
        new(name.ToString(), 0, "bytes that fit their authentication tag", "changed bytes");

    public void Dispose()
    {
        _hasher.Dispose();
        _cipher.Dispose();
    }

    private static void ReadVector(BlobName name, Span<byte> vector)
    {
        string text = name.ToString();
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> stem = dash < 0 ? text : text.AsSpan(0, dash);
        if (stem.Length < 2 * VectorBytes || !LowerHex.TryDecode(stem[^(2 * VectorBytes)..], vector))
        {
            throw new RepositoryCorruptException(text, null, "32 hex digits before the first dash of its name", "none");
        }
    }

    private static ReadOnlySpan<byte> Vector(ReadOnlySpan<byte> hash) => hash.Length > VectorBytes ? hash[^VectorBytes..] : hash;

    private bool TryDecrypt(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> vector, Span<byte> destination)
    {
        try
        {
            _cipher.Decrypt(stored, vector, destination);
            return true;
        }
        catch (BackupException damaged) when (damaged.Kind == ErrorKind.Corrupt) // named by the caller, who knows the blob
        {
            return false;
        }
    }
}
