using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>
/// From the password to the format key, and from keys to keys: sections 2.2 and 2.3 of the format notes, kopia v0.23.1
/// <c>internal/crypto</c>.
/// </summary>
internal static class KeyDerivation
{
    public const string Scrypt = "scrypt-65536-8-1";
    public const string Pbkdf2 = "pbkdf2-sha256-600000";

    /// <summary>Only of kopia v0.16 and v0.17: readable here, refused by newer kopia.</summary>
    public const string OldPbkdf2 = "pbkdf2";

    /// <summary>The algorithm of a new repository.</summary>
    public const string DefaultAlgorithm = Scrypt;

    /// <summary>Length of the format key.</summary>
    public const int FormatKeyBytes = 32;

    private const int MinSaltBytes = 16;
    private const int Pbkdf2Iterations = 600_000;
    private const int OldPbkdf2Iterations = (1 << 20) - (1 << 18);

    /// <summary>The algorithms that a repository made here may use.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [Scrypt, Pbkdf2];

    /// <summary>Derives the 32-byte format key. Slow on purpose: some tenths of a second, and 64 MiB for scrypt.</summary>
    public static void DeriveFormatKey(string keyAlgorithm, string password, ReadOnlySpan<byte> salt, Span<byte> key32)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key32.Length, FormatKeyBytes);
        if (salt.Length < MinSaltBytes)
        {
            throw new BackupException(ErrorKind.Corrupt, $"The repository's unique id has {salt.Length} bytes; at least {MinSaltBytes} are needed.",
                "Restore the blob kopia.repository from a copy of the bucket.");
        }
        var secret = Encoding.UTF8.GetBytes(password);
        try
        {
            switch (keyAlgorithm)
            {
                case Scrypt:
                    Encryption.Scrypt.Derive(secret, salt, cost: 65536, blockSize: 8, parallelization: 1, key32);
                    break;
                case Pbkdf2:
                    Rfc2898DeriveBytes.Pbkdf2(secret, salt, key32, Pbkdf2Iterations, HashAlgorithmName.SHA256);
                    break;
                case OldPbkdf2:
                    Rfc2898DeriveBytes.Pbkdf2(secret, salt, key32, OldPbkdf2Iterations, HashAlgorithmName.SHA256);
                    break;
                default:
                    throw NotKnown(keyAlgorithm);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Refuses names that are not known, and the one that newer kopia does not open.</summary>
    public static void RequireForNewRepository(string keyAlgorithm)
    {
        if (keyAlgorithm == OldPbkdf2)
        {
            throw new BackupException(ErrorKind.Unsupported, $"The key derivation '{OldPbkdf2}' is only read here; newer kopia refuses it.",
                "Choose one of: " + string.Join(", ", Algorithms) + ".");
        }
        if (!Algorithms.Contains(keyAlgorithm))
        {
            throw NotKnown(keyAlgorithm);
        }
    }

    private static BackupException NotKnown(string keyAlgorithm) => new(ErrorKind.Unsupported, $"The key derivation '{keyAlgorithm}' is not known.",
        "Open the repository with a version that knows it, or choose one of: " + string.Join(", ", Algorithms) + ".");

    /// <summary>HKDF (RFC 5869) with SHA-256, both steps.</summary>
    public static byte[] Hkdf(ReadOnlySpan<byte> ikm, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, int length)
    {
        var output = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, output, salt, info);
        return output;
    }
}
