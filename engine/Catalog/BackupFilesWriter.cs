using BackupFunctions.Engine.Catalog.Files;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// Publishes a finished backup: all files, the Backup object once and last, so that the backup is whole when anybody can see it and
/// buckets with object lock take it. Can be repeated after a crash: the same files are written again.
/// </summary>
public sealed class BackupFilesWriter(IBlobStore store)
{
    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    /// <summary>
    /// Writes the files. Of several writers exactly one gets <see cref="Publication.Published"/>. A log that cannot be stored does not
    /// fail the backup, as in Velero.
    /// </summary>
    public async Task<Publication> WriteAsync(BackupFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        BackupLayout layout = new(BackupName.Parse(files.Backup.Name));
        if (await store.TryGetInfoAsync(layout.Metadata, cancellationToken) is not null)
        {
            return new Publication(false, null);
        }

        BackupException? logFailure = await LogFile.TryWriteAsync(store, layout.Log, files.OpenLog, cancellationToken);
        await using (Stream contents = await files.OpenContents(cancellationToken))
        {
            await store.PutStreamAsync(layout.Contents, contents, cancellationToken);
        }

        // Velero writes null for the first two when there is nothing, and an empty list for the others.
        await CatalogFiles.WritePackedAsync(store, layout.PodVolumeBackups, Absent.IfEmpty(files.PodVolumeBackups), Json.IReadOnlyListPodVolumeBackup, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.VolumeSnapshots, null, Json.IReadOnlyListNativeVolumeSnapshot, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.ItemOperations, [], Json.IReadOnlyListItemOperation, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.ResourceList, ResourceLists.Sorted(files.ResourceList), Json.IReadOnlyDictionaryStringIReadOnlyListString, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.Results, files.Results, Json.ResultSet, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.VolumeInfo, files.VolumeInfos, Json.IReadOnlyListBackupVolumeInfo, cancellationToken);

        PutCondition condition = store.SupportsConditionalPut ? PutCondition.IfAbsent : PutCondition.Always;
        bool published = await CatalogFiles.WritePlainAsync(store, layout.Metadata, files.Backup, Json.VeleroBackup, condition, cancellationToken);
        return new Publication(published, logFailure);
    }
}
