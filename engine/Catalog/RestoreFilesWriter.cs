using BackupFunctions.Engine.Catalog.Files;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Publishes a finished restore: all files, the Restore object once and last. Can be repeated after a crash.</summary>
public sealed class RestoreFilesWriter(IBlobStore store)
{
    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    /// <summary>Writes the files. Of several writers exactly one gets <see cref="Publication.Published"/>.</summary>
    public async Task<Publication> WriteAsync(RestoreFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        RestoreLayout layout = new(RestoreName.Parse(files.Restore.Name));
        if (await store.TryGetInfoAsync(layout.Metadata, cancellationToken) is not null)
        {
            return new Publication(false, null);
        }

        BackupException? logFailure = await LogFile.TryWriteAsync(store, layout.Log, files.OpenLog, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.Results, files.Results, Json.ResultSet, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.ResourceList, ResourceLists.Sorted(files.ResourceList), Json.IReadOnlyDictionaryStringIReadOnlyListString, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.ItemOperations, [], Json.IReadOnlyListItemOperation, cancellationToken);
        await CatalogFiles.WritePackedAsync(store, layout.VolumeInfo, files.VolumeInfos, Json.IReadOnlyListRestoreVolumeInfo, cancellationToken);

        PutCondition condition = store.SupportsConditionalPut ? PutCondition.IfAbsent : PutCondition.Always;
        bool published = await CatalogFiles.WritePlainAsync(store, layout.Metadata, files.Restore, Json.VeleroRestore, condition, cancellationToken);
        return new Publication(published, logFailure);
    }
}
