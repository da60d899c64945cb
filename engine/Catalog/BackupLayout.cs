using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Where the files of one backup lie (Velero 1.18, persistence/object_store_layout.go).</summary>
public sealed class BackupLayout(BackupName name)
{
    /// <summary>Prefix of all backups.</summary>
    public const string Root = "backups/";

    public BackupName Name { get; } = name;

    /// <summary>Prefix of everything of this backup, with the slash.</summary>
    public string Folder { get; } = $"{Root}{name}/";

    /// <summary>Prefix of the state of a running backup; gone when it is finished.</summary>
    public string WorkFolder { get; } = $"{Root}{name}/work/";

    /// <summary>The Backup object; a backup exists when this blob exists.</summary>
    public BlobName Metadata { get; } = BlobName.Parse($"{Root}{name}/velero-backup.json");

    /// <summary>The tarball of items.</summary>
    public BlobName Contents => File(".tar.gz");

    public BlobName Log => File("-logs.gz");

    public BlobName PodVolumeBackups => File("-podvolumebackups.json.gz");

    public BlobName VolumeSnapshots => File("-volumesnapshots.json.gz");

    public BlobName ItemOperations => File("-itemoperations.json.gz");

    public BlobName ResourceList => File("-resource-list.json.gz");

    public BlobName Results => File("-results.gz");

    public BlobName VolumeInfo => File("-volumeinfo.json.gz");

    private BlobName File(string suffix) => BlobName.Parse($"{Folder}{Name}{suffix}");
}
