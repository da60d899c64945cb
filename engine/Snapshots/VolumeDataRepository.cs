using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// The data of one namespace's volumes, in the place and with the identity, tags, pins and policy that Velero gives them, so that
/// Velero restores what is written here and the other way round. All members may be called concurrently, also by many processes.
/// </summary>
public sealed class VolumeDataRepository : IAsyncDisposable
{
    private readonly KopiaRepository _repository;
    private readonly VolumeDataOptions _options;
    private readonly TimeProvider _time;
    private readonly SnapshotCatalog _catalog;

    private VolumeDataRepository(KopiaRepository repository, VolumeDataOptions options, TimeProvider time)
    {
        (_repository, _options, _time) = (repository, options, time);
        _catalog = new SnapshotCatalog(repository);
    }

    /// <summary>The repository itself.</summary>
    public KopiaRepository Repository => _repository;

    /// <summary>Where the repository of a namespace lies in its location.</summary>
    public static string FolderOf(string volumeNamespace)
    {
        string folder = "kopia/" + volumeNamespace;
        return volumeNamespace.Contains('/', StringComparison.Ordinal) || !BlobName.TryParse(folder, out _)
            ? throw new BackupException(ErrorKind.InvalidInput, $"'{volumeNamespace}' is not the name of a namespace.", "Name one namespace.")
            : folder;
    }

    /// <summary>Opens the repository of a namespace, and creates it if there is none, as Velero would. Safe when many do so at once.</summary>
    /// <param name="location">The store whose root is the storage location's.</param>
    public static async Task<VolumeDataRepository> OpenOrCreateAsync(
        IBlobStore location, string volumeNamespace, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        IBlobStore store = BlobStoreFactory.SubTree(location, FolderOf(volumeNamespace));
        KopiaRepository repository = await KopiaRepository.ExistsAsync(store, cancellationToken)
            ? await KopiaRepository.OpenAsync(store, password.Value, options.Repository, time, cancellationToken)
            : await VeleroRepositorySetup.CreateOrOpenAsync(location, store, volumeNamespace, password, options, time, cancellationToken);
        try
        {
            await VeleroRepositorySetup.CompleteAsync(store, repository, cancellationToken);
            return new VolumeDataRepository(repository, options, time);
        }
        catch
        {
            await repository.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Tries the password on the first of the namespaces' repositories that exists; all repositories of a location share one. For
    /// telling people before anything is begun.
    /// </summary>
    /// <exception cref="BackupException">WrongPassword.</exception>
    public static async Task CheckPasswordAsync(
        IBlobStore location, IEnumerable<string> volumeNamespaces, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (string volumeNamespace in volumeNamespaces)
        {
            IBlobStore store = BlobStoreFactory.SubTree(location, FolderOf(volumeNamespace));
            if (await KopiaRepository.ExistsAsync(store, cancellationToken))
            {
                await using KopiaRepository repository = await KopiaRepository.OpenAsync(store, password.Value, options.Repository, time, cancellationToken);
                return;
            }
        }
    }

    /// <summary>Opens the repository of a namespace, to restore or forget.</summary>
    /// <exception cref="BackupException">NotFound: there is none.</exception>
    public static async Task<VolumeDataRepository> OpenAsync(
        IBlobStore location, string volumeNamespace, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        IBlobStore store = BlobStoreFactory.SubTree(location, FolderOf(volumeNamespace));
        return new VolumeDataRepository(
            await KopiaRepository.OpenAsync(store, password.Value, options.Repository, time, cancellationToken), options, time);
    }

    /// <summary>
    /// Takes a snapshot of a volume's directory; it is durable when this returns. Unchanged files are taken over from the newest
    /// snapshot of the same claim, whichever pod mounted it then.
    /// </summary>
    /// <param name="path">Where the volume's data lies; absolute.</param>
    /// <param name="extraTags">Tags beside Velero's own.</param>
    public Task<VolumeSnapshotResult> BackupAsync(
        VolumeIdentity volume,
        string path,
        IReadOnlyDictionary<string, string> extraTags,
        IProgress<UploadProgress>? progress,
        CancellationToken cancellationToken) =>
        BackupAsync(volume, path, extraTags, (_, _) => Task.CompletedTask, progress, cancellationToken);

    /// <summary>The same, for callers that must find the snapshot again if they die before they can say that they took it.</summary>
    /// <param name="announce">Told the snapshot's id before the snapshot exists; it exists only when this has returned.</param>
    public async Task<VolumeSnapshotResult> BackupAsync(
        VolumeIdentity volume,
        string path,
        IReadOnlyDictionary<string, string> extraTags,
        Func<ManifestId, CancellationToken, Task> announce,
        IProgress<UploadProgress>? progress,
        CancellationToken cancellationToken)
    {
        await _repository.RefreshAsync(cancellationToken);
        SnapshotSource source = new(VeleroSnapshots.Owner, VeleroSnapshots.Owner, volume.SourcePath);
        IReadOnlyList<TreeSnapshot> previous = await FindPreviousAsync(volume, cancellationToken);
        await using WriteSession session = await _repository.StartWriteSessionAsync(cancellationToken);
        await session.ReplaceManifestAsync(
            VeleroSnapshots.PolicyLabels(source), VeleroSnapshots.PolicyJson(_options.Upload.Parallelism, _options.Upload.PartBytes), cancellationToken);
        TreeUploadResult upload = await new TreeUploader(_repository, _options.Upload, _time).UploadAsync(
            session, path, RootName(path, volume), VeleroSnapshots.Describe(source, extraTags), previous, progress, cancellationToken);
        ManifestId id = SnapshotCatalog.Put(session, upload.Snapshot);
        foreach (TreeSnapshot checkpoint in previous.Where(snapshot => !snapshot.IsComplete && snapshot.Source == source))
        {
            SnapshotCatalog.Delete(session, checkpoint.Id); // what it saved is in the snapshot now
        }

        await announce(id, cancellationToken);
        await session.FlushAsync(cancellationToken);
        return new VolumeSnapshotResult(
            id,
            volume.SourcePath,
            upload.Snapshot.Statistics.TotalBytes,
            session.Statistics.UploadedBytes,
            upload.Snapshot.Root.Summary?.FileCount ?? 0,
            upload.Progress,
            upload.Failures,
            upload.FailureCount,
            upload.Warnings,
            upload.SkippedSockets);
    }

    /// <summary>Restores a snapshot into a directory.</summary>
    /// <exception cref="BackupException">NotFound: there is no such snapshot.</exception>
    public async Task<TreeRestoreResult> RestoreAsync(
        ManifestId snapshot, string targetPath, TreeRestoreOptions options, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        TreeSnapshot found = await GetAsync(snapshot, cancellationToken);
        return await new TreeRestorer(_repository, options, _time).RestoreAsync(found.Root, targetPath, progress, cancellationToken);
    }

    /// <summary>One snapshot.</summary>
    /// <exception cref="BackupException">NotFound.</exception>
    public async Task<TreeSnapshot> GetAsync(ManifestId snapshot, CancellationToken cancellationToken)
    {
        if (await _repository.TryGetManifestAsync(snapshot, cancellationToken) is null)
        {
            await _repository.RefreshAsync(cancellationToken); // it may be younger than our view
        }

        return await _catalog.GetAsync(snapshot, cancellationToken);
    }

    /// <summary>Forgets snapshots; missing ones are no error. Their data goes with the repository's next garbage collections.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<ManifestId> ids, CancellationToken cancellationToken)
    {
        await _repository.RefreshAsync(cancellationToken);
        await using WriteSession session = await _repository.StartWriteSessionAsync(cancellationToken);
        foreach (ManifestId id in ids)
        {
            SnapshotCatalog.Delete(session, id);
        }

        await session.FlushAsync(cancellationToken);
    }

    /// <summary>All snapshots, oldest first, checkpoints included.</summary>
    public async Task<IReadOnlyList<TreeSnapshot>> ListAsync(CancellationToken cancellationToken)
    {
        await _repository.RefreshAsync(cancellationToken);
        return (await _catalog.ListAsync(cancellationToken)).Snapshots;
    }

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    private static string RootName(string path, VolumeIdentity volume) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } name ? name : volume.VolumeOrClaimName;

    private async Task<IReadOnlyList<TreeSnapshot>> FindPreviousAsync(VolumeIdentity volume, CancellationToken cancellationToken)
    {
        IReadOnlyList<TreeSnapshot> all = (await _catalog.ListAsync(cancellationToken)).Snapshots;
        IEnumerable<TreeSnapshot> same = all.Where(snapshot =>
            snapshot.Source is { Host: VeleroSnapshots.Owner, UserName: VeleroSnapshots.Owner } && volume.IsSourceOfSameVolume(snapshot.Source.Path));
        return PreviousSnapshots.Choose(same, VeleroSnapshots.IsOfVelero, UnixNanos.From(_time.GetUtcNow()));
    }
}
