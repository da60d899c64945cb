using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>The configuration of an opened repository, checked and with its defaults filled in. Holds secrets.</summary>
internal sealed class RepositoryParameters
{
    private const int DefaultPackBytes = 20 << 20;
    private const int SmallestPackBytes = 1 << 20;
    private const int MinSaltBytes = 16;

    private RepositoryParameters(FormatBlob blob, FormatConfig config, byte[] formatBytes, RetentionConfig retention)
    {
        FormatVersion = config.Version;
        IndexVersion = config.IndexVersion == 0 ? 1 : config.IndexVersion;
        Epochs = config.Epochs ?? new EpochParameters();
        MaxPackBytes = config.MaxPackBytes == 0 ? DefaultPackBytes : config.MaxPackBytes;
        Hash = config.Hash ?? "";
        Encryption = config.Encryption ?? "";
        Splitter = string.IsNullOrEmpty(config.Splitter) ? "FIXED" : config.Splitter;
        KeyAlgorithm = blob.KeyAlgorithm ?? "";
        UniqueId = blob.UniqueId ?? [];
        Secret = config.Secret ?? [];
        MasterKey = config.MasterKey ?? [];
        CanChangePassword = config.EnablePasswordChange;
        PackHeader = config.EnablePasswordChange ? [] : RecoverableFormat.Encode(formatBytes);
        Retention = retention;
    }

    public int FormatVersion { get; }

    public int IndexVersion { get; }

    public EpochParameters Epochs { get; }

    public int MaxPackBytes { get; }

    public string Hash { get; }

    public string Encryption { get; }

    public string Splitter { get; }

    public string KeyAlgorithm { get; }

    public byte[] UniqueId { get; }

    public byte[] Secret { get; }

    public byte[] MasterKey { get; }

    /// <summary>Whether the secrets are independent of the password; not so in version 1.</summary>
    public bool CanChangePassword { get; }

    /// <summary>What every pack starts with: the format blob in version 1, nothing later.</summary>
    public byte[] PackHeader { get; }

    public RetentionConfig Retention { get; }

    /// <summary>Whether contents may be compressed.</summary>
    public bool HasContentCompression => IndexVersion >= 2;

    /// <summary>Checks a configuration that was read.</summary>
    /// <exception cref="BackupException">Unsupported or Corrupt.</exception>
    public static RepositoryParameters Create(FormatBlob blob, FormatConfig config, byte[] formatBytes, RetentionConfig retention, UnixNanos now)
    {
        RequireKnown(config);
        if (config.UpgradeLock is { } upgrade && upgrade.IsLockedAt(now))
        {
            throw new BackupException(
                ErrorKind.Unsupported,
                $"the repository is locked for a format upgrade by '{upgrade.OwnerId}'",
                "Wait until that upgrade is finished or rolled back with the program that started it.");
        }

        if (blob.UniqueId is null || blob.UniqueId.Length < MinSaltBytes)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, null, $"a uniqueID of at least {MinSaltBytes} bytes", $"{blob.UniqueId?.Length ?? 0}");
        }

        RepositoryParameters parameters = new(blob, config, formatBytes, retention);
        if (parameters.MaxPackBytes is < SmallestPackBytes or > NewRepositoryOptions.MaxMaxPackBytes)
        {
            throw new RepositoryCorruptException(
                FormatBlob.BlobId, null, $"a pack size of {SmallestPackBytes} to {NewRepositoryOptions.MaxMaxPackBytes} bytes", $"{parameters.MaxPackBytes}");
        }

        if (parameters.MasterKey.Length == 0)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, null, "a master key", "none");
        }

        if (parameters.Epochs.Enabled && parameters.Epochs.RefreshFrequency <= TimeSpan.Zero)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, null, "a positive EpochRefreshFrequency", $"{parameters.Epochs.EpochRefreshFrequency}");
        }

        return parameters;
    }

    /// <summary>Refuses to go on when somebody upgraded the repository since it was opened.</summary>
    public void RequireSameLayout(RepositoryParameters opened)
    {
        if (FormatVersion != opened.FormatVersion || IndexVersion != opened.IndexVersion || Epochs.Enabled != opened.Epochs.Enabled)
        {
            throw new BackupException(
                ErrorKind.Conflict,
                $"the repository was changed from format version {opened.FormatVersion} to {FormatVersion} while it was open",
                "Open it again and repeat what was going on.");
        }

        if ((Retention.Mode, Retention.Period) != (opened.Retention.Mode, opened.Retention.Period) && Retention.Damage is null)
        {
            throw new BackupException(
                ErrorKind.Conflict, "the repository's retention was changed while it was open", "Open it again and repeat what was going on.");
        }
    }

    private static void RequireKnown(FormatConfig config)
    {
        if (config.Version is < 1 or > 3)
        {
            throw Unsupported($"format version {config.Version}", "Versions 1 to 3 are known; a newer version of this program may know it.");
        }

        if (config.IndexVersion is < 0 or > 2)
        {
            throw Unsupported($"index version {config.IndexVersion}", "Versions 1 and 2 are known; a newer version of this program may know it.");
        }

        if (!string.IsNullOrEmpty(config.Ecc) && config.EccOverheadPercent > 0)
        {
            throw Unsupported($"error correction ({config.Ecc})", "Only repositories without error correction can be used.");
        }

        foreach (RequiredFeature feature in config.RequiredFeatures ?? [])
        {
            if (!feature.IsKnown && !feature.IsOptional)
            {
                throw Unsupported($"the feature '{feature.Feature}'", feature.IfNotUnderstood?.Message is { Length: > 0 } message ? message : "A newer version of this program may know it.");
            }
        }
    }

    private static BackupException Unsupported(string what, string remedy) =>
        new(ErrorKind.Unsupported, $"the repository needs {what}, which this program does not have", remedy);
}
