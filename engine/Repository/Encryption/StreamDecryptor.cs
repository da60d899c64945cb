using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>
/// Decrypts one long message piece by piece by OpenSSL 3, because .NET's AEAD classes want all of it at once. What comes out must
/// not be believed before <see cref="IsAuthentic"/> said yes. For one thread.
/// </summary>
internal sealed partial class StreamDecryptor : IDisposable
{
    private const string Library = "libcrypto.so.3";
    private const int SetTag = 0x11; // EVP_CTRL_AEAD_SET_TAG

    private nint _context;

    /// <param name="chaCha">ChaCha20-Poly1305 instead of AES-256-GCM.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">What is authenticated beside the message; not empty.</param>
    public StreamDecryptor(bool chaCha, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData)
    {
        _context = NewContext();
        bool isReady = _context != 0
            && Initialise(_context, chaCha ? ChaCha20Poly1305() : Aes256Gcm(), 0, key, nonce) == 1
            && Update(_context, 0, out _, in MemoryMarshal.GetReference(associatedData), associatedData.Length) == 1;
        if (!isReady)
        {
            Dispose();
            throw new CryptographicException("OpenSSL cannot begin to decrypt.");
        }
    }

    /// <summary>Decrypts the next piece where it lies.</summary>
    public unsafe void Decrypt(Span<byte> piece)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        fixed (byte* start = piece)
        {
            if (!piece.IsEmpty && (Update(_context, (nint)start, out int written, in *start, piece.Length) != 1 || written != piece.Length))
            {
                throw new CryptographicException("OpenSSL cannot decrypt.");
            }
        }
    }

    /// <summary>Whether all pieces together are what was encrypted.</summary>
    /// <param name="tag">The 16 bytes after the message.</param>
    public bool IsAuthentic(Span<byte> tag)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        Span<byte> nothing = stackalloc byte[16];
        return Control(_context, SetTag, tag.Length, tag) == 1 && Finish(_context, nothing, out _) == 1;
    }

    public void Dispose()
    {
        nint context = Interlocked.Exchange(ref _context, 0);
        if (context != 0)
        {
            FreeContext(context); // which wipes the key
        }
    }

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_gcm")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Aes256Gcm();

    [LibraryImport(Library, EntryPoint = "EVP_chacha20_poly1305")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ChaCha20Poly1305();

    [LibraryImport(Library, EntryPoint = "EVP_DecryptInit_ex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialise(nint context, nint cipher, nint engine, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptUpdate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Update(nint context, nint output, out int written, in byte input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(nint context, int type, int argument, Span<byte> pointer);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptFinal_ex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Finish(nint context, Span<byte> output, out int written);
}
