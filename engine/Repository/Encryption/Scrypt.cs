using System.Runtime.InteropServices;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>scrypt (RFC 7914): our own where the processor has SSE2; else by OpenSSL 3, which .NET's own cryptography needs on Linux anyway.</summary>
internal static partial class Scrypt
{
    // OpenSSL refuses to work when 128 * N * r and a little more exceeds this; its default of 32 MiB is too little for N = 65536.
    private const ulong MaxMemoryBytes = 256UL << 20;

    /// <summary>Fills <paramref name="output"/> with the key of the password and salt. Needs 128 * cost * blockSize bytes while it runs.</summary>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> output)
    {
        if (ScryptSse2.IsSupported)
        {
            ScryptSse2.Derive(password, salt, cost, blockSize, parallelization, output);
        }
        else
        {
            DeriveByOpenSsl(password, salt, cost, blockSize, parallelization, output);
        }
    }

    /// <summary>The same by OpenSSL.</summary>
    public static void DeriveByOpenSsl(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> output)
    {
        var ok = EvpPbeScrypt(password, (nuint)password.Length, salt, (nuint)salt.Length,
            (ulong)cost, (ulong)blockSize, (ulong)parallelization, MaxMemoryBytes, output, (nuint)output.Length);
        if (ok != 1)
        {
            throw new BackupException(ErrorKind.Internal,
                $"OpenSSL could not derive a key with scrypt (N={cost}, r={blockSize}, p={parallelization}).",
                "Give the process more memory: the derivation needs 64 MiB.");
        }
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PBE_scrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EvpPbeScrypt(
        ReadOnlySpan<byte> password, nuint passwordLength, ReadOnlySpan<byte> salt, nuint saltLength,
        ulong cost, ulong blockSize, ulong parallelization, ulong maxMemory, Span<byte> key, nuint keyLength);
}
