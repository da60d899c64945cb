using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Files;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Short forms of what most snapshot tests do: a bucket in a folder, one volume, backup and restore of it.</summary>
internal sealed class SnapshotRun : IDisposable
{
    public const string Namespace = "arr";

    public static VolumeIdentity Volume { get; } = new(Namespace, "sonarr-0", "config");

    public SnapshotRun()
    {
        Directory.CreateDirectory(Files["volume"]);
        Directory.CreateDirectory(Files["bucket"]);
        Bucket = BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + Files["bucket"]), null, new BlobStoreOptions(), TimeProvider.System);
    }

    public TestFolder Files { get; } = new();

    public IBlobStore Bucket { get; }

    public static VolumeDataOptions Options { get; } = new();

    public Task<VolumeDataRepository> OpenAsync(VolumeDataOptions? options = null, TimeProvider? time = null, IBlobStore? bucket = null) =>
        VolumeDataRepository.OpenOrCreateAsync(
            bucket ?? Bucket, Namespace, RepositoryPassword.VeleroDefault, options ?? Options, time ?? TimeProvider.System, CancellationToken.None);

    /// <summary>Changes the volume by a shell script.</summary>
    public void Change(string script) => Files.Shell($"cd volume; {script}");

    public async Task<VolumeSnapshotResult> BackupAsync(VolumeDataOptions? options = null, VolumeIdentity? volume = null)
    {
        await using VolumeDataRepository repository = await OpenAsync(options);
        return await repository.BackupAsync(volume ?? Volume, Files["volume"], new Dictionary<string, string>(), null, CancellationToken.None);
    }

    public async Task<TreeRestoreResult> RestoreAsync(ManifestId snapshot, TreeRestoreOptions? options = null)
    {
        await using VolumeDataRepository repository = await OpenAsync();
        return await repository.RestoreAsync(snapshot, Files["restored"], options ?? new TreeRestoreOptions(), null, CancellationToken.None);
    }

    public void Dispose() => Files.Dispose();
}
