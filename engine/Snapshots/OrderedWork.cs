namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Pieces of work done by shared workers whose results are taken in the order the work was added. Used by one caller at a time.
/// Disposing waits for all that was started.
/// </summary>
/// <param name="workers">Who does it.</param>
/// <param name="take">Gets each result in turn, on the caller's behalf.</param>
/// <param name="maxPending">Results that may wait for an earlier one.</param>
internal sealed class OrderedWork<T>(SharedWorkers workers, Action<T> take, int maxPending) : IAsyncDisposable
{
    private readonly Queue<Task<T>> _pending = new();

    /// <summary>Adds work; it may be done on return or not.</summary>
    public async ValueTask AddAsync(Func<Task<T>> work)
    {
        _pending.Enqueue(await workers.StartAsync(work));
        while (_pending.TryPeek(out Task<T>? first) && (first.IsCompleted || _pending.Count >= maxPending))
        {
            take(await first);
            _ = _pending.Dequeue();
        }
    }

    /// <summary>Waits for all and takes the remaining results.</summary>
    public async ValueTask FinishAsync()
    {
        while (_pending.TryPeek(out Task<T>? first))
        {
            take(await first);
            _ = _pending.Dequeue();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Something is left only when an error is on its way up already.
        while (_pending.TryDequeue(out Task<T>? task))
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
