using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>Publishes what there is of a tree from time to time while it is uploaded, each time in place of the time before.</summary>
internal sealed class CheckpointWriter(
    WriteSession session, DirectoryBuilder root, Func<DirectoryEntry, TreeSnapshot> describe, SharedWorkers workers, TimeSpan interval, TimeProvider time)
{
    private ManifestId? _last;

    /// <summary>Runs the upload and checkpoints beside it; the first of them that fails stops the other.</summary>
    public async Task<T> RunBesideAsync<T>(Func<Task<T>> upload)
    {
        using CancellationTokenSource finished = CancellationTokenSource.CreateLinkedTokenSource(workers.Token);
        Task checkpoints = WriteUntilAsync(finished.Token);
        return await workers.RunAsync(async () =>
        {
            try
            {
                return await upload();
            }
            finally
            {
                await finished.CancelAsync();
                await checkpoints;
            }
        });
    }

    /// <summary>Deletes the last checkpoint with the next flush: the snapshot itself takes its place.</summary>
    public void Remove()
    {
        if (_last is { } last)
        {
            session.DeleteManifest(last);
        }
    }

    /// <summary>Does not throw: a failure goes to the workers, where it stops the upload.</summary>
    private async Task WriteUntilAsync(CancellationToken finished)
    {
        try
        {
            while (await WaitAsync(finished))
            {
                // Not stopped when the upload finishes meanwhile, so that a manifest that was put is flushed and known.
                DirectoryEntry entry = await root.WriteCheckpointAsync(session, workers.Token);
                TreeSnapshot snapshot = describe(entry) with { IncompleteReason = TreeSnapshot.Checkpoint, Pins = [] };
                ManifestId? before = _last;
                _last = session.PutManifest(SnapshotJson.LabelsOf(snapshot), SnapshotJson.Write(snapshot));
                if (before is { } old)
                {
                    session.DeleteManifest(old);
                }

                await session.FlushAsync(workers.Token);
            }
        }
        catch (Exception error)
        {
            workers.Fail(error);
        }
    }

    private async Task<bool> WaitAsync(CancellationToken finished)
    {
        await Task.Delay(interval, time, finished).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !finished.IsCancellationRequested;
    }
}
