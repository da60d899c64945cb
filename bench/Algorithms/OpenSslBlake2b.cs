using System.Runtime.InteropServices;

namespace BackupFunctions.Bench.Algorithms;

/// <summary>Keyed BLAKE2b by OpenSSL 3, the peer of our own: EVP_Q_mac does the whole computation in one call, with a digest of 64 bytes.</summary>
internal static partial class OpenSslBlake2b
{
    public static void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> digest)
    {
        if (EvpQMac(0, "BLAKE2BMAC", null, null, 0, key, (nuint)key.Length, data, (nuint)data.Length, digest, (nuint)digest.Length, out _) == 0)
        {
            throw new InvalidOperationException("OpenSSL has no BLAKE2BMAC.");
        }
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_Q_mac", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EvpQMac(
        nint libraryContext, string name, string? properties, string? subAlgorithm, nint parameters,
        ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> data, nuint dataLength, Span<byte> output, nuint outputSize, out nuint outputLength);
}
