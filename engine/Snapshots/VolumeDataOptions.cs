using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>How the data of volumes is kept.</summary>
public sealed record VolumeDataOptions
{
    /// <summary>How volumes are read.</summary>
    public UploadOptions Upload { get; init; } = new();

    /// <summary>How the repository behaves.</summary>
    public RepositoryOptions Repository { get; init; } = new();

    /// <summary>How a repository is created when there is none. The defaults are Velero's.</summary>
    public NewRepositoryOptions Create { get; init; } = new();
}
