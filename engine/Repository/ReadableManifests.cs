namespace BackupFunctions.Engine.Repository;

/// <summary>Manifest entries of a repository that may be damaged.</summary>
/// <param name="Entries">What can be read, oldest first.</param>
/// <param name="Damage">Why there may be more; empty when all could be read.</param>
public sealed record ReadableManifests(IReadOnlyList<ManifestEntry> Entries, IReadOnlyList<RepositoryCorruptException> Damage);
