using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository;

/// <summary>How a repository is created. The defaults are Kopia's and Velero's; the names are Kopia's.</summary>
public sealed record NewRepositoryOptions
{
    /// <summary>Smallest and largest pack size that Kopia accepts, in bytes.</summary>
    public const int MinPackBytes = 10 << 20, MaxMaxPackBytes = 120 << 20;

    /// <summary>The shortest retention that Kopia accepts.</summary>
    public static TimeSpan MinRetention { get; } = TimeSpan.FromDays(1);

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

    /// <summary>How blobs are locked against deletion, GOVERNANCE or COMPLIANCE, or null for not at all. The store must be able to (S3 buckets made with object lock).</summary>
    public string? RetentionMode { get; init; }

    /// <summary>For how long each blob is locked after it was put; with <see cref="RetentionMode"/> only, at least <see cref="MinRetention"/>.</summary>
    public TimeSpan RetentionPeriod { get; init; }

    /// <summary>Other rules of epochs than Kopia's, for tests with little data; of no meaning with format version 1.</summary>
    internal EpochParameters? Epochs { get; init; }

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

        if (RetentionMode is not (null or RetentionConfig.Governance or RetentionConfig.Compliance))
        {
            problems.Add($"the retention mode '{RetentionMode}' is not {RetentionConfig.Governance} or {RetentionConfig.Compliance}");
        }

        if (RetentionMode is null ? RetentionPeriod != TimeSpan.Zero : RetentionPeriod < MinRetention)
        {
            problems.Add($"a retention period of {RetentionPeriod} does not go with {(RetentionMode is null ? "no retention" : $"retention, which takes at least {MinRetention}")}");
        }

        return problems;
    }
}
