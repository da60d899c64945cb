using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>The snapshots of a repository, as of its last refresh.</summary>
public sealed class SnapshotCatalog(KopiaRepository repository)
{
    private static readonly Dictionary<string, string> Labels = new() { ["type"] = "snapshot" };

    /// <summary>
    /// All snapshots that can be read, oldest first, and what keeps others from being read. Whoever deletes data that no snapshot
    /// needs has to stop when anything is unreadable.
    /// </summary>
    public Task<SnapshotListing> ListAsync(CancellationToken cancellationToken) =>
        ListAsync(Labels, cancellationToken);

    /// <summary>The snapshots of one source, oldest first.</summary>
    public Task<SnapshotListing> ListAsync(SnapshotSource source, CancellationToken cancellationToken) =>
        ListAsync(SnapshotJson.LabelsOf(source), cancellationToken);

    /// <summary>One snapshot.</summary>
    /// <exception cref="BackupException">NotFound; Corrupt when the entry is no snapshot, or is where it cannot be read.</exception>
    public async Task<TreeSnapshot> GetAsync(ManifestId id, CancellationToken cancellationToken)
    {
        ManifestEntry manifest = await repository.TryGetManifestAsync(id, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"There is no snapshot {id}.", "List the snapshots; it may have been deleted.");
        return SnapshotJson.Read(manifest);
    }

    /// <summary>Adds a snapshot; visible after the session's next flush.</summary>
    public static ManifestId Put(WriteSession session, TreeSnapshot snapshot) =>
        session.PutManifest(SnapshotJson.LabelsOf(snapshot), SnapshotJson.Write(snapshot));

    /// <summary>Forgets a snapshot with the session's next flush; a missing one is no error. Its data goes with the next garbage collections.</summary>
    public static void Delete(WriteSession session, ManifestId id) => session.DeleteManifest(id);

    private async Task<SnapshotListing> ListAsync(Dictionary<string, string> labels, CancellationToken cancellationToken)
    {
        List<TreeSnapshot> snapshots = [];
        List<PathProblem> unreadable = [];
        ReadableManifests manifests = await repository.FindReadableManifestsAsync(labels, cancellationToken);
        foreach (ManifestEntry manifest in manifests.Entries)
        {
            try
            {
                snapshots.Add(SnapshotJson.Read(manifest));
            }
            catch (RepositoryCorruptException error)
            {
                unreadable.Add(new PathProblem(manifest.Id.ToString(), error.Message));
            }
        }

        unreadable.AddRange(manifests.Damage.Select(static damage => new PathProblem(damage.Blob, damage.Message)));
        snapshots.Sort((left, right) => left.StartTime.CompareTo(right.StartTime));
        return new SnapshotListing(snapshots, unreadable);
    }
}
