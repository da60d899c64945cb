using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Engine.Upkeep;

/// <summary>The space of deleted backups comes back, on whatever store.</summary>
public sealed class RepositoryMaintainerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly MaintenanceOptions AtOnce = RepositoryMaintainer.WhatIsDue with { Mode = MaintenanceMode.Full, Safety = MaintenanceSafety.None };
    private readonly UpkeepHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task The_space_of_a_deleted_backup_comes_back()
    {
        const int FileBytes = 3_000_000;
        string large = Path.Combine(harness.VolumePath, "large");
        await File.WriteAllBytesAsync(large, Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(static i => (byte)i)], FileBytes));
        await BackupAsync("one");
        File.Delete(large);
        string data = Trees.Describe(harness.VolumePath);
        await BackupAsync("two");
        long before = await StoredBytesAsync();

        await UpkeepHarness.Deleter(harness.Store).DeleteAsync(BackupName.Parse("one"), None);
        MaintenanceReport? report = await Maintainer(AtOnce).HandleAsync(MaintenanceRequest.Message("app"), None);

        Assert.True(report!.FreedBytes > FileBytes);
        Assert.InRange(await StoredBytesAsync(), 1, before - FileBytes);
        Assert.Equal(data, await harness.RestoredDataAsync(harness.Store, "two"));
        Assert.DoesNotContain(await harness.BlobsAsync(), static blob => blob.StartsWith("metadata/backup-functions/maintaining/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repository_that_another_worker_maintains_is_left_to_it()
    {
        await BackupAsync("one");
        await harness.PutAsync("metadata/backup-functions/maintaining/app", "0123456789abcdef");

        Assert.Null(await Maintainer(AtOnce).HandleAsync(MaintenanceRequest.Message("app"), None));
        Assert.Null(await Maintainer(AtOnce).HandleAsync(MaintenanceRequest.Message("there-is-none"), None));
    }

    [Fact]
    public async Task M7_a_repository_that_was_taken_over_is_no_longer_Veleros()
    {
        await BackupAsync("one");
        await Maintainer(RepositoryMaintainer.WhatIsDue).HandleAsync(MaintenanceRequest.Message("app"), None);
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(harness.Store, "app", RunHarness.Password, new VolumeDataOptions(), TimeProvider.System, None);

        MaintenanceStatus status = await new SnapshotMaintenance(repository.Repository).GetStatusAsync(None);

        Assert.Equal(RepositoryMaintainer.Owner, status.Owner);
        Assert.True(status.Runs["snapshot-gc"][0].IsSuccess);
    }

    private RepositoryMaintainer Maintainer(MaintenanceOptions options) =>
        new(harness.Store, RunHarness.Password, new VolumeDataOptions(), options, WorkerId.Create(), TimeProvider.System);

    private Task<VeleroBackup> BackupAsync(string name) => harness.Runs.BackUpAsync(name, new BackupSpec { IncludedNamespaces = ["app"] });

    private async Task<long> StoredBytesAsync()
    {
        long bytes = 0;
        await foreach (BlobInfo blob in harness.Store.ListAsync("kopia/app/", None))
        {
            bytes += blob.LengthBytes;
        }

        return bytes;
    }
}
