using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Deletes backups: out of sight first, then their volume snapshots, the restores made from them, and at last their files.</summary>
public sealed class BackupDeleter(
    IBlobStore store, RunReader runs, RepositoryPassword password, VolumeDataOptions options, TimeProvider time, ILogger logger)
{
    private const string KopiaUploader = "kopia";

    private readonly BackupCatalog backups = new(store);
    private readonly RestoreCatalog restores = new(store);

    /// <summary>Throws when the backup may not be deleted now.</summary>
    /// <exception cref="BackupException">NotFound; Conflict while it is under way or a restore reads it.</exception>
    public async Task CheckAsync(BackupName name, CancellationToken cancellationToken)
    {
        if (!await backups.ExistsAsync(name, cancellationToken))
        {
            throw await runs.TryGetAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken) is null
                ? new BackupException(ErrorKind.NotFound, $"There is no backup {name} in {store.DisplayName}.", "List the backups with: backupctl backup get")
                : new BackupException(ErrorKind.Conflict, $"Backup {name} is still in progress.", "Cancel it, or wait for its end.");
        }

        await ThrowIfReadAsync(name, cancellationToken);
    }

    /// <summary>
    /// Deletes the backup, or what an interrupted deletion left of it. May be repeated; does nothing when nothing is left.
    /// Space in the volumes' repositories becomes free with their next maintenance.
    /// </summary>
    /// <exception cref="BackupException">Conflict as for <see cref="CheckAsync"/>; anything that the store says.</exception>
    public async Task DeleteAsync(BackupName name, string reason, CancellationToken cancellationToken)
    {
        bool published = await backups.ExistsAsync(name, cancellationToken);
        if (!published && await runs.TryGetAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken) is not null)
        {
            throw new BackupException(ErrorKind.Conflict, $"Backup {name} is still in progress.", "Cancel it, or wait for its end.");
        }

        await ThrowIfReadAsync(name, cancellationToken);

        // Read before anything is deleted: a damaged list stops the deletion while the backup is still whole.
        IReadOnlyList<PodVolumeBackup> volumes = await backups.ReadPodVolumeBackupsAsync(name, cancellationToken);
        await backups.HideAsync(name, cancellationToken);
        int snapshots = await ForgetSnapshotsAsync(volumes, cancellationToken);
        int removed = await DeleteRestoresAsync(name, cancellationToken);
        await backups.DeleteRemainsAsync(name, cancellationToken);
        if (published)
        {
            Log.BackupDeleted(logger, name.ToString(), snapshots, removed, reason);
        }
    }

    private async Task ThrowIfReadAsync(BackupName name, CancellationToken cancellationToken)
    {
        await foreach (Plan plan in runs.ListAsync(RunKind.Restore, cancellationToken))
        {
            if (System.Text.Json.JsonSerializer.Deserialize(plan.Request, CatalogJsonContext.Default.VeleroRestore)?.Spec.BackupName == name.ToString())
            {
                throw new BackupException(ErrorKind.Conflict, $"Restore {plan.Name} is reading backup {name}.", "Wait for its end, or cancel it.");
            }
        }
    }

    private async Task<int> ForgetSnapshotsAsync(IReadOnlyList<PodVolumeBackup> volumes, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (IGrouping<string?, PodVolumeBackup> ofNamespace in volumes
            .Where(volume => volume.Spec.UploaderType == KopiaUploader && !string.IsNullOrEmpty(volume.Status.SnapshotId))
            .GroupBy(volume => volume.Spec.Pod.Namespace))
        {
            List<ManifestId> ids = [.. ofNamespace.Select(volume => ManifestId.Parse(volume.Status.SnapshotId!))]; // empty ones were left out
            try
            {
                await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(store, ofNamespace.Key ?? "", password, options, time, cancellationToken);
                await repository.ForgetAsync(ids, cancellationToken);
            }
            catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
            {
                continue; // the repository is gone, and its snapshots with it
            }

            count += ids.Count;
        }

        return count;
    }

    private async Task<int> DeleteRestoresAsync(BackupName name, CancellationToken cancellationToken)
    {
        List<string> found = [];
        await foreach (RestoreEntry entry in restores.ListAsync(cancellationToken))
        {
            if (entry.Restore?.Spec.BackupName == name.ToString())
            {
                found.Add(entry.Name);
            }
        }

        foreach (string restore in found)
        {
            await restores.DeleteAsync(RestoreName.Parse(restore), cancellationToken);
        }

        return found.Count;
    }
}
