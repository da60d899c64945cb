using System.Runtime.InteropServices;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>HMAC by OpenSSL 3 with any digest that it has; .NET's own cryptography needs the same library on Linux.</summary>
internal static partial class OpenSslHmac
{
    /// <summary>Computes the whole digest, whose length <paramref name="output"/> must have.</summary>
    public static void Compute(string digest, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output)
    {
        // HMAC pads the key with zeros, so one zero byte is the empty key, which OpenSSL would take for a missing one.
        var usedKey = key.IsEmpty ? [0] : key;
        if (EvpQMac(0, "HMAC", null, digest, 0, usedKey, (nuint)usedKey.Length, data, (nuint)data.Length, output, (nuint)output.Length, out _) == 0)
        {
            throw new BackupException(ErrorKind.Unsupported, $"The OpenSSL library here has no HMAC with {digest}.",
                "Install OpenSSL 3 with its default provider.");
        }
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_Q_mac", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EvpQMac(
        nint libraryContext, string name, string? properties, string subAlgorithm, nint parameters,
        ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> data, nuint dataLength, Span<byte> output, nuint outputSize, out nuint outputLength);
}
