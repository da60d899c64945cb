using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Tests.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class CheckpointTests : IDisposable
{
    // So that the first index blob is that of the checkpoint.
    private static readonly VolumeDataOptions OneIndexPerFlush = new() { Repository = new RepositoryOptions { IndexFlush = TimeSpan.FromDays(1) } };

    private readonly SnapshotRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_run_that_dies_leaves_a_checkpoint_and_the_next_one_goes_on_from_it()
    {
        _run.Change("mkdir -p a/b; for i in $(seq 1 40); do head -c 3000000 /dev/urandom >a/f$i; cp a/f$i a/b/g$i; done; mkfifo a/pipe; find . -exec touch -h -d '2020-02-02 UTC' {} +");
        await DieAfterCheckpointAsync(OneIndexPerFlush);
        IReadOnlyList<TreeSnapshot> left = await ListAsync();

        VolumeSnapshotResult next = await _run.BackupAsync();
        IReadOnlyList<TreeSnapshot> after = await ListAsync();
        await _run.RestoreAsync(next.SnapshotId);

        Assert.Equal("checkpoint", Assert.Single(left).IncompleteReason);
        Assert.InRange(left[0].Root.Summary!.FileCount, 1, 24);
        Assert.Equal("checkpoint", left[0].Root.Summary!.IncompleteReason);
        Assert.Equal(left[0].Root.Summary!.FileCount, next.Progress.ReusedFiles);
        Assert.Equal([next.SnapshotId], after.Select(static snapshot => snapshot.Id));
        Assert.Equal(_run.Files.Describe("volume"), _run.Files.Describe("restored"));
    }

    [Fact]
    public async Task A_checkpoint_is_a_snapshot_that_can_be_restored()
    {
        _run.Change("mkdir -p a/b; for i in $(seq 1 40); do head -c 3000000 /dev/urandom >a/f$i; cp a/f$i a/b/g$i; done; find . -exec touch -h -d '2020-02-02 UTC' {} +");
        await DieAfterCheckpointAsync(OneIndexPerFlush);
        TreeSnapshot checkpoint = Assert.Single(await ListAsync());

        TreeRestoreResult restored = await _run.RestoreAsync(checkpoint.Id);

        Assert.Empty(restored.Problems);
        Assert.Equal(checkpoint.Root.Summary!.FileCount, restored.Statistics.Files);
        Assert.Subset(_run.Files.Describe("volume").ToHashSet(), _run.Files.Describe("restored").ToHashSet());
    }

    [Fact]
    public async Task An_index_that_is_put_on_the_way_shows_no_snapshot_before_its_data()
    {
        _run.Change("mkdir -p a/b; for i in $(seq 1 40); do head -c 3000000 /dev/urandom >a/f$i; cp a/f$i a/b/g$i; done; find . -exec touch -h -d '2020-02-02 UTC' {} +");
        await DieAfterCheckpointAsync();

        foreach (TreeSnapshot visible in await ListAsync())
        {
            Assert.Empty((await _run.RestoreAsync(visible.Id)).Problems);
        }
    }

    [Fact]
    public async Task A_store_that_fails_fails_the_backup_with_its_own_error()
    {
        _run.Change("for i in $(seq 1 50); do head -c 1000000 /dev/urandom >f$i; done");
        GatedBlobStore store = new(_run.Bucket, static name => name.Contains("/p", StringComparison.Ordinal) ? throw Dead() : Task.CompletedTask, static _ => { });
        await using VolumeDataRepository repository = await _run.OpenAsync(bucket: store);

        BackupException error = await Assert.ThrowsAsync<BackupException>(
            () => repository.BackupAsync(SnapshotRun.Volume, _run.Files["volume"], new Dictionary<string, string>(), null, CancellationToken.None));

        Assert.Equal(ErrorKind.AccessDenied, error.Kind);
        Assert.EndsWith("dead", error.Message, StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_cancelled_backup_publishes_nothing()
    {
        _run.Change("for i in $(seq 1 50); do head -c 1000000 /dev/urandom >f$i; done");
        using CancellationTokenSource cancel = new();
        GatedBlobStore store = new(_run.Bucket, static _ => Task.CompletedTask, name => CancelAtPack(name, cancel));
        await using VolumeDataRepository repository = await _run.OpenAsync(bucket: store);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => repository.BackupAsync(SnapshotRun.Volume, _run.Files["volume"], new Dictionary<string, string>(), null, cancel.Token));

        Assert.Empty(await ListAsync());
    }

    private static void CancelAtPack(string name, CancellationTokenSource cancel)
    {
        if (name.Contains("/p", StringComparison.Ordinal))
        {
            cancel.Cancel();
        }
    }

    /// <summary>
    /// The first pack waits until the checkpoint is due; when its index is published, the store is gone. The tree must be larger than
    /// the packs that may wait to be put, so that it cannot be read to its end before that.
    /// </summary>
    private async Task DieAfterCheckpointAsync(VolumeDataOptions? options = null)
    {
        TaskCompletionSource packReached = new(), mayGoOn = new();
        bool isPublished = false;
        GatedBlobStore store = new(
            _run.Bucket,
            async name =>
            {
                if (Volatile.Read(ref isPublished))
                {
                    throw Dead();
                }

                if (name.Contains("/arr/p", StringComparison.Ordinal))
                {
                    packReached.TrySetResult();
                    await mayGoOn.Task;
                }
            },
            name =>
            {
                if (packReached.Task.IsCompleted && name.Contains("/arr/xn", StringComparison.Ordinal))
                {
                    Volatile.Write(ref isPublished, true);
                }
            });
        ManualTimeProvider time = new(DateTimeOffset.UtcNow);
        await using VolumeDataRepository repository = await _run.OpenAsync(options, time, store);
        Task<VolumeSnapshotResult> backup = repository.BackupAsync(SnapshotRun.Volume, _run.Files["volume"], new Dictionary<string, string>(), null, CancellationToken.None);
        await packReached.Task;
        time.Advance(new UploadOptions().CheckpointInterval);
        mayGoOn.SetResult();
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => backup);
        Assert.EndsWith("dead", error.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<TreeSnapshot>> ListAsync()
    {
        await using VolumeDataRepository repository = await _run.OpenAsync();
        return await repository.ListAsync(CancellationToken.None);
    }

    private static BackupException Dead() => new(ErrorKind.AccessDenied, "dead", "");
}
