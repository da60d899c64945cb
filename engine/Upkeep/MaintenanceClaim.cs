using System.Text;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// A worker's sign of life while it maintains a repository: a blob that is put again and again. Two that come at the same instant may both
/// run; with the margins of maintenance that costs time and never data.
/// </summary>
internal sealed class MaintenanceClaim : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DeadAfter = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly IBlobStore _store;
    private readonly BlobName _name;
    private readonly Task _signs;

    private MaintenanceClaim(IBlobStore store, BlobName name, byte[] content, TimeProvider time)
    {
        (_store, _name) = (store, name);
        _signs = GiveSignsAsync(content, time);
    }

    /// <summary>Cancelled when signs of life could not be given any more, so that another worker may have taken over.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes the claim, or returns null when another worker gave a sign of life of late.</summary>
    public static async Task<MaintenanceClaim?> TryTakeAsync(IBlobStore store, string volumeNamespace, WorkerId worker, TimeProvider time, CancellationToken cancellationToken)
    {
        BlobName name = BlobName.Parse($"metadata/backup-functions/maintaining/{volumeNamespace}");
        if (await store.TryGetInfoAsync(name, cancellationToken) is { } sign)
        {
            using StoreClock clock = new(store, worker, time);
            if (await clock.NowAsync(cancellationToken) - sign.LastModified < DeadAfter)
            {
                return null;
            }
        }

        byte[] content = Encoding.UTF8.GetBytes(worker.ToString());
        await store.PutAsync(name, content, PutCondition.Always, cancellationToken);
        return new MaintenanceClaim(store, name, content, time);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _signs;
        if (!_lost.IsCancellationRequested)
        {
            await _store.DeleteAsync(_name, CancellationToken.None); // also after a failure: the next one need not wait
        }

        _ended.Dispose();
        _lost.Dispose();
    }

    private async Task GiveSignsAsync(byte[] content, TimeProvider time)
    {
        long last = time.GetTimestamp();
        try
        {
            using PeriodicTimer timer = new(Interval, time);
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                try
                {
                    await _store.PutAsync(_name, content, PutCondition.Always, _ended.Token);
                    last = time.GetTimestamp();
                }
                catch (BackupException) when (time.GetElapsedTime(last) < DeadAfter - Interval)
                {
                    // The store is tried again at the next tick, in time before the claim is taken for dead.
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The work is done.
        }
        catch (BackupException)
        {
            await _lost.CancelAsync(); // the work stops; its message comes again
        }
    }
}
