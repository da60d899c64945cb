using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Takes snapshots of directories under any name, as Kopia's command line does: each follows the earlier ones of its source, and Kopia's policies for it (<see cref="RepositoryPolicies"/>).</summary>
public sealed class TreeBackup(KopiaRepository repository, UploadOptions options, TimeProvider time)
{
    /// <summary>
    /// Takes a snapshot; it is durable when this returns. Unchanged files are taken over from the newest complete snapshot of the same
    /// source and from what later runs saved before they broke off. Entries that cannot be read are missing in it and named in the result.
    /// </summary>
    /// <param name="path">The directory; absolute.</param>
    /// <param name="progress">Told twice a second and at the end.</param>
    /// <exception cref="Errors.BackupException">The directory cannot be opened, or the store fails; Unsupported: a policy asks for a compression that is not written here.</exception>
    public async Task<TreeBackupResult> RunAsync(
        SnapshotDescription description, string path, IProgress<UploadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(description);
        SnapshotListing earlier = await new SnapshotCatalog(repository).ListAsync(description.Source, cancellationToken);
        IReadOnlyList<TreeSnapshot> previous = PreviousSnapshots.Choose(earlier.Snapshots, static _ => true, UnixNanos.From(time.GetUtcNow()));
        FileCompression compression = options.Compression ?? await new RepositoryPolicies(repository).FindFileCompressionAsync(description.Source, cancellationToken);
        await using WriteSession session = await repository.StartWriteSessionAsync(cancellationToken);
        TreeUploadResult upload = await new TreeUploader(repository, options with { Compression = compression }, time).UploadAsync(
            session, path, NameOf(path), description, previous, progress, cancellationToken);
        ManifestId id = SnapshotCatalog.Put(session, upload.Snapshot);
        foreach (TreeSnapshot checkpoint in previous.Where(snapshot => !snapshot.IsComplete))
        {
            SnapshotCatalog.Delete(session, checkpoint.Id); // what it saved is in the snapshot now
        }

        await session.FlushAsync(cancellationToken);
        return new TreeBackupResult(upload with { Snapshot = upload.Snapshot with { Id = id } }, session.Statistics);
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } name ? name : "/";
}
