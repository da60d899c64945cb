using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog.Files;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>
/// The backups in a bucket, whoever wrote them: this program or Velero. Every file but the Backup object and the tarball is optional;
/// a missing one reads as empty. Safe for concurrent use.
/// </summary>
public sealed class BackupCatalog(IBlobStore store)
{
    private const int ReadsAtOnce = 16;

    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    /// <summary>
    /// All backups in the order of their names; a folder without a Backup object is none. A damaged one is listed as such. Reads up to
    /// 16 objects at the same time.
    /// </summary>
    public async IAsyncEnumerable<BackupEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BackupEntry? entry in FolderReads.InOrderAsync(store.ListFoldersAsync(BackupLayout.Root, cancellationToken), ReadsAtOnce, ReadEntryAsync, cancellationToken))
        {
            if (entry is not null)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Whether there is a backup of this name, damaged or not.</summary>
    public async Task<bool> ExistsAsync(BackupName name, CancellationToken cancellationToken) =>
        await store.TryGetInfoAsync(new BackupLayout(name).Metadata, cancellationToken) is not null;

    /// <summary>The Backup object, or null when there is no such backup.</summary>
    /// <exception cref="BackupException">Corrupt when it is damaged or names another backup.</exception>
    public async Task<VeleroBackup?> TryGetAsync(BackupName name, CancellationToken cancellationToken)
    {
        BackupLayout layout = new(name);
        VeleroBackup? backup = await CatalogFiles.TryReadAsync(store, layout.Metadata, packed: false, Json.VeleroBackup, cancellationToken);
        if (backup is not null && backup.Name != name.ToString())
        {
            throw new BackupException(
                ErrorKind.Corrupt,
                $"'{layout.Metadata}' in {store.DisplayName} holds no Backup object named {name}.",
                "Look at the file; if it was copied from another backup, delete the folder and copy the whole backup under its own name.");
        }

        return backup;
    }

    /// <exception cref="BackupException">NotFound when there is no such backup; Corrupt when it is damaged.</exception>
    public async Task<VeleroBackup> GetAsync(BackupName name, CancellationToken cancellationToken) =>
        await TryGetAsync(name, cancellationToken)
        ?? throw new BackupException(
            ErrorKind.NotFound, $"There is no backup {name} in {store.DisplayName}.", "List the backups with: backupctl backup get");

    public async Task<IReadOnlyList<PodVolumeBackup>> ReadPodVolumeBackupsAsync(BackupName name, CancellationToken cancellationToken) =>
        await ReadAsync(new BackupLayout(name).PodVolumeBackups, Json.IReadOnlyListPodVolumeBackup, cancellationToken) ?? [];

    public async Task<IReadOnlyList<BackupVolumeInfo>> ReadVolumeInfosAsync(BackupName name, CancellationToken cancellationToken) =>
        await ReadAsync(new BackupLayout(name).VolumeInfo, Json.IReadOnlyListBackupVolumeInfo, cancellationToken) ?? [];

    public async Task<IReadOnlyList<NativeVolumeSnapshot>> ReadVolumeSnapshotsAsync(BackupName name, CancellationToken cancellationToken) =>
        await ReadAsync(new BackupLayout(name).VolumeSnapshots, Json.IReadOnlyListNativeVolumeSnapshot, cancellationToken) ?? [];

    public async Task<IReadOnlyList<ItemOperation>> ReadItemOperationsAsync(BackupName name, CancellationToken cancellationToken) =>
        await ReadAsync(new BackupLayout(name).ItemOperations, Json.IReadOnlyListItemOperation, cancellationToken) ?? [];

    public async Task<ResultSet> ReadResultsAsync(BackupName name, CancellationToken cancellationToken) =>
        await ReadAsync(new BackupLayout(name).Results, Json.ResultSet, cancellationToken) ?? new();

    /// <summary>Kind (<c>apps/v1/Deployment</c>) to names (<c>namespace/name</c> or <c>name</c>).</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadResourceListAsync(BackupName name, CancellationToken cancellationToken) =>
        await ReadAsync(new BackupLayout(name).ResourceList, Json.IReadOnlyDictionaryStringIReadOnlyListString, cancellationToken)
        ?? new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>All that a description tells.</summary>
    /// <exception cref="BackupException">NotFound when there is no such backup; Corrupt when a file is damaged.</exception>
    public async Task<BackupDetails> ReadDetailsAsync(BackupName name, CancellationToken cancellationToken) => new()
    {
        Backup = await GetAsync(name, cancellationToken),
        Results = await ReadResultsAsync(name, cancellationToken),
        PodVolumeBackups = await ReadPodVolumeBackupsAsync(name, cancellationToken),
        VolumeInfos = await ReadVolumeInfosAsync(name, cancellationToken),
        VolumeSnapshots = await ReadVolumeSnapshotsAsync(name, cancellationToken),
        ItemOperations = await ReadItemOperationsAsync(name, cancellationToken),
        ResourceList = await ReadResourceListAsync(name, cancellationToken),
    };

    /// <summary>The log as text, or null when there is none. The caller disposes it.</summary>
    public async Task<Stream?> TryOpenLogAsync(BackupName name, CancellationToken cancellationToken) =>
        await CatalogFiles.TryOpenAsync(store, new BackupLayout(name).Log, cancellationToken) is { } packed
            ? new GZipStream(packed, CompressionMode.Decompress)
            : null;

    /// <summary>The packed tarball as it is. The caller disposes it.</summary>
    /// <exception cref="BackupException">Corrupt when the backup has none.</exception>
    public async Task<Stream> OpenContentsAsync(BackupName name, CancellationToken cancellationToken)
    {
        BlobName contents = new BackupLayout(name).Contents;
        return await CatalogFiles.TryOpenAsync(store, contents, cancellationToken)
            ?? throw new BackupException(
                ErrorKind.Corrupt,
                $"The backup {name} in {store.DisplayName} has no tarball: '{contents}' is missing.",
                "Use another backup, or bring the object back from an older version if the bucket keeps versions.");
    }

    /// <summary>The items of the backup, see <see cref="BackupTarReader"/>.</summary>
    /// <param name="wanted">Which items to read; null for all.</param>
    public async IAsyncEnumerable<ArchivedItem> ReadItemsAsync(
        BackupName name, Func<ItemKey, bool>? wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream contents = await OpenContentsAsync(name, cancellationToken);
        string display = $"'{new BackupLayout(name).Contents}' in {store.DisplayName}";
        await foreach (ArchivedItem item in BackupTarReader.ReadAsync(contents, display, wanted, cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>
    /// Takes a backup out of sight by deleting its Backup object; what remains is found by <see cref="ListRemainsAsync"/> until
    /// <see cref="DeleteRemainsAsync"/>. This comes first in a deletion: whatever happens after it, nobody, and Velero neither, can take
    /// a backup with missing data for a whole one.
    /// </summary>
    public Task HideAsync(BackupName name, CancellationToken cancellationToken) =>
        store.DeleteAsync(new BackupLayout(name).Metadata, cancellationToken);

    /// <summary>
    /// Deletes everything under the backup's folder: the Backup object first, the list of volume backups last, since from it an
    /// interrupted deletion learns which snapshots belong to the backup. Can be repeated.
    /// </summary>
    public async Task DeleteRemainsAsync(BackupName name, CancellationToken cancellationToken)
    {
        BackupLayout layout = new(name);
        await HideAsync(name, cancellationToken);
        await foreach (BlobInfo blob in store.ListAsync(layout.Folder, cancellationToken))
        {
            if (blob.Name != layout.PodVolumeBackups)
            {
                await store.DeleteAsync(blob.Name, cancellationToken);
            }
        }

        await store.DeleteAsync(layout.PodVolumeBackups, cancellationToken);
    }

    /// <summary>
    /// Folders that hold neither a Backup object nor the state of a running backup, and in which nothing changed since
    /// <paramref name="olderThan"/>: what an interrupted deletion or a failed upload left behind.
    /// </summary>
    public async IAsyncEnumerable<BackupName> ListRemainsAsync(DateTimeOffset olderThan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string folder in store.ListFoldersAsync(BackupLayout.Root, cancellationToken))
        {
            if (!BackupName.TryParse(folder, out BackupName name) || await ExistsAsync(name, cancellationToken))
            {
                continue;
            }

            BackupLayout layout = new(name);
            bool isRemainder = true;
            await foreach (BlobInfo blob in store.ListAsync(layout.Folder, cancellationToken))
            {
                isRemainder = blob.LastModified < olderThan
                    && blob.Name != layout.Metadata
                    && !blob.Name.ToString().StartsWith(layout.WorkFolder, StringComparison.Ordinal);
                if (!isRemainder)
                {
                    break;
                }
            }

            if (isRemainder)
            {
                yield return name;
            }
        }
    }

    private async Task<BackupEntry?> ReadEntryAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            if (!BackupName.TryParse(folder, out BackupName name))
            {
                return null;
            }

            return await TryGetAsync(name, cancellationToken) is { } backup ? new BackupEntry(folder, backup, null) : null;
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            return new BackupEntry(folder, null, e);
        }
    }

    private Task<T?> ReadAsync<T>(BlobName blob, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        CatalogFiles.TryReadAsync(store, blob, packed: true, type, cancellationToken);
}
