using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Hashing;
using BackupFunctions.Engine.Repository.Splitting;

namespace BackupFunctions.Engine.Repository;

/// <summary>What a new repository can be made of, by Kopia's names. The first of each is the default.</summary>
public static class RepositoryAlgorithms
{
    /// <summary>Keyed hashes that name contents.</summary>
    public static IReadOnlyList<string> Hashes => ContentHasher.Algorithms;

    /// <summary>Ciphers of contents and blobs.</summary>
    public static IReadOnlyList<string> Encryptions => ContentCipher.Algorithms;

    /// <summary>Ways to cut files into contents.</summary>
    public static IReadOnlyList<string> Splitters { get; } =
        [Splitter.DefaultAlgorithm, .. Splitter.Algorithms.Where(static name => name != Splitter.DefaultAlgorithm)];

    /// <summary>Ways from the password to a key.</summary>
    public static IReadOnlyList<string> KeyDerivations => KeyDerivation.Algorithms;

    /// <summary>Ways to lock blobs against deletion; there is no default.</summary>
    public static IReadOnlyList<string> RetentionModes { get; } = [RetentionConfig.Governance, RetentionConfig.Compliance];
}
