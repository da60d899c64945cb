using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Engine.Files;
using BackupFunctions.Tests.Engine.Repository;
using BackupFunctions.Tests.Peers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>Repositories of the real Kopia and Velero survive maintenance.</summary>
public sealed class RecordedMaintenanceTests : IDisposable
{
    /// <summary>Has a hash that the checker does not know.</summary>
    private const string UnknownToChecker = "zstd-blake3-chacha";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("default-v3")]
    [InlineData("velero")]
    [InlineData("legacy-v1")]
    [InlineData("gzip-rabinkarp-v2")]
    [InlineData("zstd-blake3-chacha")]
    public async Task The_snapshots_that_are_left_are_whole_after_the_others_went(string name)
    {
        RecordedRepository recorded = RecordedRepository.Load(name);
        MemoryBlobStore store = recorded.OpenStore();
        long before = store.TotalBytes;
        IReadOnlyList<string> expected = await RestoreNewestAsync(recorded, store, "before");
        await using (KopiaRepository repository = await recorded.OpenAsync(store))
        {
            SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(CancellationToken.None);
            await using (WriteSession session = await repository.StartWriteSessionAsync(CancellationToken.None))
            {
                foreach (TreeSnapshot snapshot in listing.Snapshots.SkipLast(1))
                {
                    SnapshotCatalog.Delete(session, snapshot.Id);
                }

                await session.FlushAsync(CancellationToken.None);
            }

            await new SnapshotMaintenance(repository).RunAsync(MaintainedTrees.AtOnce with { Force = true }, CancellationToken.None);
            await new SnapshotMaintenance(repository).RunAsync(MaintainedTrees.AtOnce with { Mode = MaintenanceMode.Quick, Force = true }, CancellationToken.None);
        }

        Assert.InRange(store.TotalBytes, 1, before + 10_000);
        Assert.Equal(expected, await RestoreNewestAsync(recorded, store, "after"));
        await CheckAsync(recorded, store);
    }

    private async Task<IReadOnlyList<string>> RestoreNewestAsync(RecordedRepository recorded, MemoryBlobStore store, string folder)
    {
        await using KopiaRepository repository = await recorded.OpenAsync(store);
        Assert.Empty(await repository.FindWrongContentsAsync(CancellationToken.None));
        SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(CancellationToken.None);
        TreeRestoreResult result = await new TreeRestorer(repository, new TreeRestoreOptions(), TimeProvider.System)
            .RestoreAsync(listing.Snapshots[^1].Root, _folder[folder], null, CancellationToken.None);
        Assert.Empty(result.Problems);
        return _folder.Describe(folder);
    }

    private async Task CheckAsync(RecordedRepository recorded, MemoryBlobStore store)
    {
        if (KopiaChecker.ReasonMissing is not null || recorded.Name == UnknownToChecker)
        {
            return; // the other checks stand without it
        }

        Directory.CreateDirectory(_folder["blobs"]);
        store.SaveTo(_folder["blobs"]);
        KopiaCheckResult result = await KopiaChecker.RunAsync(_folder["blobs"], recorded.Password);
        Assert.True(result.ExitCode == 0, result.Output);
    }
}
