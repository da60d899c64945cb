namespace BackupFunctions.Engine.Repository;

/// <summary>What an open repository is like; no secrets.</summary>
/// <param name="FormatVersion">1, 2 or 3.</param>
/// <param name="IndexVersion">1 or 2.</param>
/// <param name="HasEpochs">Whether index blobs are kept by epochs; else the old way.</param>
/// <param name="Hash">Kopia's name of the keyed hash.</param>
/// <param name="Encryption">Kopia's name of the cipher.</param>
/// <param name="Splitter">Kopia's name of the splitter.</param>
/// <param name="KeyDerivation">Kopia's name of the key derivation.</param>
/// <param name="MaxPackBytes">Size at which packs are closed.</param>
/// <param name="UniqueId">The repository's random name, base64 as Velero notes it in <c>udmrepo.Repository</c>.</param>
/// <param name="RetentionMode">Object lock mode that blobs should be put with, or null when off.</param>
/// <param name="RetentionPeriod">How long, when <paramref name="RetentionMode"/> is set.</param>
public sealed record RepositoryFormat(
    int FormatVersion,
    int IndexVersion,
    bool HasEpochs,
    string Hash,
    string Encryption,
    string Splitter,
    string KeyDerivation,
    int MaxPackBytes,
    string UniqueId,
    string? RetentionMode,
    TimeSpan RetentionPeriod);
