using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Manifests;

/// <summary>An element of a manifest content: an entry, or the deletion of one.</summary>
/// <param name="Entry">The entry; null for a deletion.</param>
internal readonly record struct StoredManifest(ManifestId Id, UnixNanos Modified, ManifestEntry? Entry)
{
    public bool IsDeleted => Entry is null;

    public static StoredManifest Of(ManifestEntry entry) => new(entry.Id, entry.Modified, entry);
}
