using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots.Upload;

public sealed class ManyFilesTests
{
    [Fact]
    public async Task A_directory_of_several_batches_keeps_its_order_and_its_bytes_while_nothing_changes()
    {
        const int Files = 1_000;
        using SnapshotRun run = new();
        Random random = TestSeed.Random();
        for (int i = 0; i < Files; i++)
        {
            byte[] content = new byte[random.Next(20) == 0 ? random.Next(100_000, 300_000) : random.Next(50)];
            random.NextBytes(content);
            string path = Path.Combine(run.Files["volume"], $"file <{random.Next(10_000)}> {i}");
            await File.WriteAllBytesAsync(path, content);
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(random.Next()));
        }

        VolumeSnapshotResult first = await run.BackupAsync();
        VolumeSnapshotResult again = await run.BackupAsync();
        await File.WriteAllTextAsync(Path.Combine(run.Files["volume"], "file <5000> in the middle"), "new");
        VolumeSnapshotResult third = await run.BackupAsync();
        await run.RestoreAsync(third.SnapshotId);

        Assert.Equal((Files, 0), (first.Progress.ReadFiles, first.Progress.ReusedFiles));
        Assert.Equal((0, Files), (again.Progress.ReadFiles, again.Progress.ReusedFiles));
        Assert.Equal((1, Files), (third.Progress.ReadFiles, third.Progress.ReusedFiles));
        Assert.Equal(await RootAsync(run, first), await RootAsync(run, again));
        Assert.Equal("", run.Files.Shell("diff -r volume restored"));
    }

    private static async Task<ObjectId> RootAsync(SnapshotRun run, VolumeSnapshotResult result)
    {
        await using VolumeDataRepository repository = await run.OpenAsync();
        return (await repository.GetAsync(result.SnapshotId, CancellationToken.None)).Root.ObjectId;
    }
}
