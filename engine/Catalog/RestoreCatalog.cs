using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog.Files;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// The restores in a bucket. Velero writes files for its restores but no Restore object; those are listed without one. Every file is
/// optional; a missing one reads as empty. Safe for concurrent use.
/// </summary>
public sealed class RestoreCatalog(IBlobStore store)
{
    private const int ReadsAtOnce = 16;

    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    /// <summary>All restores in the order of their names; also those that are running and have no object yet.</summary>
    public async IAsyncEnumerable<RestoreEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RestoreEntry? entry in FolderReads.InOrderAsync(store.ListFoldersAsync(RestoreLayout.Root, cancellationToken), ReadsAtOnce, ReadEntryAsync, cancellationToken))
        {
            if (entry is not null)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Whether anything lies under this name: an object, files of Velero, or the state of a running restore.</summary>
    public async Task<bool> ExistsAsync(RestoreName name, CancellationToken cancellationToken)
    {
        await foreach (BlobInfo _ in store.ListAsync(new RestoreLayout(name).Folder, cancellationToken))
        {
            return true;
        }

        return false;
    }

    /// <summary>The Restore object, or null when there is none.</summary>
    /// <exception cref="BackupException">Corrupt when it is damaged or names another restore.</exception>
    public async Task<VeleroRestore?> TryGetAsync(RestoreName name, CancellationToken cancellationToken)
    {
        RestoreLayout layout = new(name);
        VeleroRestore? restore = await CatalogFiles.TryReadAsync(store, layout.Metadata, packed: false, Json.VeleroRestore, cancellationToken);
        if (restore is not null && restore.Name != name.ToString())
        {
            throw new BackupException(
                ErrorKind.Corrupt,
                $"'{layout.Metadata}' in {store.DisplayName} holds no Restore object named {name}.",
                "Look at the file; if it was copied from another restore, delete it.");
        }

        return restore;
    }

    /// <exception cref="BackupException">NotFound when there is no object of that name; Corrupt when it is damaged.</exception>
    public async Task<VeleroRestore> GetAsync(RestoreName name, CancellationToken cancellationToken) =>
        await TryGetAsync(name, cancellationToken)
        ?? throw new BackupException(
            ErrorKind.NotFound, $"There is no restore {name} in {store.DisplayName}.", "List the restores with: backupctl restore get");

    public async Task<IReadOnlyList<RestoreVolumeInfo>> ReadVolumeInfosAsync(RestoreName name, CancellationToken cancellationToken) =>
        await ReadAsync(new RestoreLayout(name).VolumeInfo, Json.IReadOnlyListRestoreVolumeInfo, cancellationToken) ?? [];

    public async Task<IReadOnlyList<ItemOperation>> ReadItemOperationsAsync(RestoreName name, CancellationToken cancellationToken) =>
        await ReadAsync(new RestoreLayout(name).ItemOperations, Json.IReadOnlyListItemOperation, cancellationToken) ?? [];

    public async Task<ResultSet> ReadResultsAsync(RestoreName name, CancellationToken cancellationToken) =>
        await ReadAsync(new RestoreLayout(name).Results, Json.ResultSet, cancellationToken) ?? new();

    /// <summary>Kind (<c>apps/v1/Deployment</c>) to names with what happened (<c>namespace/name(created)</c>).</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadResourceListAsync(RestoreName name, CancellationToken cancellationToken) =>
        await ReadAsync(new RestoreLayout(name).ResourceList, Json.IReadOnlyDictionaryStringIReadOnlyListString, cancellationToken)
        ?? new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>All that a description tells.</summary>
    /// <exception cref="BackupException">NotFound when there is no Restore object; Corrupt when a file is damaged.</exception>
    public async Task<RestoreDetails> ReadDetailsAsync(RestoreName name, CancellationToken cancellationToken) => new()
    {
        Restore = await GetAsync(name, cancellationToken),
        Results = await ReadResultsAsync(name, cancellationToken),
        VolumeInfos = await ReadVolumeInfosAsync(name, cancellationToken),
        ItemOperations = await ReadItemOperationsAsync(name, cancellationToken),
        ResourceList = await ReadResourceListAsync(name, cancellationToken),
    };

    /// <summary>The log as text, or null when there is none. The caller disposes it.</summary>
    public async Task<Stream?> TryOpenLogAsync(RestoreName name, CancellationToken cancellationToken) =>
        await CatalogFiles.TryOpenAsync(store, new RestoreLayout(name).Log, cancellationToken) is { } packed
            ? new GZipStream(packed, CompressionMode.Decompress)
            : null;

    /// <summary>
    /// Deletes everything under the restore's folder, the object last: it alone says which backup the restore was made from, and an
    /// interrupted deletion of that backup must find the rest again. Can be repeated.
    /// </summary>
    public async Task DeleteAsync(RestoreName name, CancellationToken cancellationToken)
    {
        RestoreLayout layout = new(name);
        await foreach (BlobInfo blob in store.ListAsync(layout.Folder, cancellationToken))
        {
            if (blob.Name != layout.Metadata)
            {
                await store.DeleteAsync(blob.Name, cancellationToken);
            }
        }

        await store.DeleteAsync(layout.Metadata, cancellationToken);
    }

    private async Task<RestoreEntry?> ReadEntryAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            return RestoreName.TryParse(folder, out RestoreName name)
                ? new RestoreEntry(folder, await TryGetAsync(name, cancellationToken), null)
                : null;
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            return new RestoreEntry(folder, null, e);
        }
    }

    private Task<T?> ReadAsync<T>(BlobName blob, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        CatalogFiles.TryReadAsync(store, blob, packed: true, type, cancellationToken);
}
