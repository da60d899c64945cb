using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Engine.Repository;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Short forms of what most maintenance tests do: a repository with small packs in memory, snapshots of a folder, runs, and restores that are compared.</summary>
internal sealed class MaintainedTrees : IDisposable
{
    private readonly Dictionary<ManifestId, IReadOnlyList<string>> _trees = [];

    public MaintainedTrees() => Directory.CreateDirectory(Files["tree"]);

    public static MaintenanceOptions AtOnce { get; } = new() { Mode = MaintenanceMode.Full, Safety = MaintenanceSafety.None };

    public static MaintenanceOptions Careful { get; } = new() { Mode = MaintenanceMode.Full };

    public TestFolder Files { get; } = new();

    /// <summary>The clock of everybody.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Snapshots that were taken and not forgotten.</summary>
    public IReadOnlyCollection<ManifestId> Live => _trees.Keys;

    public Task<KopiaRepository> CreateAsync(IBlobStore store, int version = 3) => KopiaRepository.CreateAsync(
        store, RepositoryRun.Password, new() { FormatVersion = version, Splitter = RepositoryRun.Splitter }, RepositoryRun.Options, Time, CancellationToken.None);

    public Task<KopiaRepository> OpenAsync(IBlobStore store) => RepositoryRun.OpenAsync(store, time: Time);

    /// <summary>Writes files of random bytes into the folder.</summary>
    public void Fill(Random random, string folder, int files, int fileBytes)
    {
        Directory.CreateDirectory(Files[$"tree/{folder}"]);
        for (int i = 0; i < files; i++)
        {
            File.WriteAllBytes(Files[$"tree/{folder}/{i}"], RepositoryRun.RandomBytes(random, fileBytes));
        }
    }

    /// <summary>Takes a snapshot of the folder as it is.</summary>
    public async Task<ManifestId> SnapshotAsync(KopiaRepository repository)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        SnapshotDescription description = new(new SnapshotSource("host", "user", "/tree"), "", new Dictionary<string, string>(), []);
        TreeUploadResult upload = await new TreeUploader(repository, new UploadOptions(), Time).UploadAsync(session, Files["tree"], "tree", description, [], null, CancellationToken.None);
        ManifestId id = SnapshotCatalog.Put(session, upload.Snapshot);
        await session.FlushAsync(CancellationToken.None);
        _trees.Add(id, Files.Describe("tree"));
        return id;
    }

    public async Task ForgetAsync(KopiaRepository repository, params ManifestId[] ids)
    {
        await using WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None);
        foreach (ManifestId id in ids)
        {
            SnapshotCatalog.Delete(session, id);
            _trees.Remove(id);
        }

        await session.FlushAsync(CancellationToken.None);
    }

    public async Task<MaintenanceReport> MaintainAsync(IBlobStore store, MaintenanceOptions options)
    {
        await using KopiaRepository repository = await OpenAsync(store);
        return await new SnapshotMaintenance(repository).RunAsync(options, CancellationToken.None);
    }

    /// <summary>Restores every snapshot that was not forgotten and returns those that are not as they were.</summary>
    public async Task<List<ManifestId>> FindBrokenAsync(IBlobStore store)
    {
        await using KopiaRepository repository = await OpenAsync(store);
        List<ManifestId> broken = [];
        foreach ((ManifestId id, IReadOnlyList<string> tree) in _trees)
        {
            TreeSnapshot snapshot = await new SnapshotCatalog(repository).GetAsync(id, CancellationToken.None);
            string target = "restored-" + Guid.NewGuid().ToString("N");
            TreeRestoreResult result = await new TreeRestorer(repository, new TreeRestoreOptions(), TimeProvider.System).RestoreAsync(snapshot.Root, Files[target], null, CancellationToken.None);
            if (result.Problems.Count > 0 || !Files.Describe(target).SequenceEqual(tree))
            {
                broken.Add(id);
            }

            Directory.Delete(Files[target], recursive: true);
        }

        return broken;
    }

    public void Dispose() => Files.Dispose();
}
