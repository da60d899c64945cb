using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Engine.Backups;

/// <summary>What holds for every backup unless its request says otherwise.</summary>
public sealed record BackupOptions
{
    /// <summary>Time to live of a backup that names none. Default 720 h.</summary>
    public TimeSpan DefaultTtl { get; init; } = VeleroNames.DefaultTtl;

    /// <summary>Whether the data of volumes is taken when the request leaves <c>defaultVolumesToFsBackup</c> open. Default true.</summary>
    public bool DefaultVolumesToFsBackup { get; init; } = true;

    /// <summary>Name of the one storage location. Default <c>default</c>.</summary>
    public string StorageLocation { get; init; } = VeleroNames.DefaultStorageLocation;

    /// <summary>Namespace that Velero's objects are said to live in. Default <c>velero</c>.</summary>
    public string VeleroNamespace { get; init; } = VeleroNames.DefaultNamespace;

    /// <summary>How many types of a namespace are listed at the same time. Default 4.</summary>
    public int ListConcurrency { get; init; } = 4;
}
