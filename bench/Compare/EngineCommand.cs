using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Bench.Compare;

/// <summary>The engine as a process of its own: makes a repository, backs up into it, restores its newest snapshot.</summary>
internal static class EngineCommand
{
    private const string Password = "bench";
    private static readonly SnapshotSource Source = new("bench", "bench", "/tree");

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        switch (arguments)
        {
            case ["version"]:
                Console.WriteLine(typeof(KopiaRepository).Assembly.GetName().Version);
                return 0;
            case ["create", var repository, var hash]:
                Directory.CreateDirectory(repository);
                await using (await KopiaRepository.CreateAsync(
                    Store(repository), Password, new NewRepositoryOptions { Hash = hash }, new RepositoryOptions(), TimeProvider.System, cancellationToken))
                {
                    return 0;
                }

            case ["backup", var repository, var tree]:
                await BackupAsync(repository, tree, cancellationToken);
                return 0;
            case ["restore", var repository, var target]:
                return await RestoreAsync(repository, target, cancellationToken);
            default:
                return 2;
        }
    }

    private static async Task BackupAsync(string repository, string tree, CancellationToken cancellationToken)
    {
        await using KopiaRepository opened = await OpenAsync(repository, cancellationToken);
        SnapshotListing earlier = await new SnapshotCatalog(opened).ListAsync(Source, cancellationToken);
        await using WriteSession session = await opened.StartWriteSessionAsync(cancellationToken);
        TreeUploader uploader = new(opened, new UploadOptions { Parallelism = Environment.ProcessorCount }, TimeProvider.System);
        SnapshotDescription description = new(Source, "", new Dictionary<string, string>(), []);
        TreeUploadResult result = await uploader.UploadAsync(session, tree, "tree", description, [.. earlier.Snapshots.TakeLast(1)], null, cancellationToken);
        SnapshotCatalog.Put(session, result.Snapshot);
        await session.FlushAsync(cancellationToken);
    }

    private static async Task<int> RestoreAsync(string repository, string target, CancellationToken cancellationToken)
    {
        await using KopiaRepository opened = await OpenAsync(repository, cancellationToken);
        SnapshotListing all = await new SnapshotCatalog(opened).ListAsync(Source, cancellationToken);
        TreeRestorer restorer = new(opened, new TreeRestoreOptions { Parallelism = Environment.ProcessorCount }, TimeProvider.System);
        TreeRestoreResult result = await restorer.RestoreAsync(all.Snapshots[^1].Root, target, null, cancellationToken);
        return result.Problems.Count == 0 ? 0 : 1;
    }

    private static Task<KopiaRepository> OpenAsync(string repository, CancellationToken cancellationToken) =>
        KopiaRepository.OpenAsync(Store(repository), Password, new RepositoryOptions { Concurrency = Environment.ProcessorCount }, TimeProvider.System, cancellationToken);

    private static IBlobStore Store(string folder) =>
        BlobStoreFactory.Open(BlobStoreUrl.Parse("file://" + folder), null, new BlobStoreOptions(), TimeProvider.System);
}
