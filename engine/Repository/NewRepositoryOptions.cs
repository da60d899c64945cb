namespace BackupFunctions.Engine.Repository;

/// <summary>How a repository is created. The defaults are Kopia's and Velero's; the names are Kopia's.</summary>
public sealed record NewRepositoryOptions
{
    /// <summary>Smallest and largest pack size that Kopia accepts, in bytes.</summary>
    public const int MinPackBytes = 10 << 20, MaxMaxPackBytes = 120 << 20;

    /// <summary>Keyed hash that names contents.</summary>
    public string Hash { get; init; } = "BLAKE2B-256-128";

    /// <summary>Cipher of contents and blobs.</summary>
    public string Encryption { get; init; } = "AES256-GCM-HMAC-SHA256";

    /// <summary>Where files are cut into contents.</summary>
    public string Splitter { get; init; } = "DYNAMIC-4M-BUZHASH";

    /// <summary>How the password becomes a key.</summary>
    public string KeyDerivation { get; init; } = "scrypt-65536-8-1";

    /// <summary>Format version: 3, or 2 or 1 for old readers.</summary>
    public int FormatVersion { get; init; } = 3;

    /// <summary>A pack is closed when it holds this many bytes; 10 MiB to 120 MiB.</summary>
    public int MaxPackBytes { get; init; } = 20 << 20;

    /// <summary>All that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (FormatVersion is < 1 or > 3)
        {
            problems.Add($"format version {FormatVersion} is not 1, 2 or 3");
        }

        if (MaxPackBytes is < MinPackBytes or > MaxMaxPackBytes)
        {
            problems.Add($"a pack size of {MaxPackBytes} bytes is not within {MinPackBytes} to {MaxMaxPackBytes}");
        }

        return problems;
    }
}
