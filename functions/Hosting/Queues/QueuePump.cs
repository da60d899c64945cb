using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>
/// Takes the messages of one queue function and works them off, a few at a time. Used either by <see cref="RunAsync"/> until a stop,
/// or step by step by <see cref="QueueDrain"/>; <see cref="TakeAsync"/> is never called twice at the same time.
/// </summary>
internal sealed class QueuePump(
    QueueFunction function, MessageHandler handler, IMessageQueue queue, PumpOptions options, QueueWakeups wakeups, QueueHealth health, TimeProvider time)
    : IDisposable
{
    private const int MaxPerReceive = 32;

    private readonly SemaphoreSlim slots = new(options.Concurrency);
    private readonly Lock tasksLock = new();
    private readonly HashSet<Task> tasks = []; // guarded by tasksLock

    public QueueFunction Function => function;

    /// <summary>Work that runs now.</summary>
    public IReadOnlyList<Task> Running
    {
        get
        {
            lock (tasksLock)
            {
                return [.. tasks];
            }
        }
    }

    /// <summary>Works messages off until <paramref name="stop"/>; what runs then goes on, see <see cref="Running"/>.</summary>
    /// <param name="stop">No more messages are taken.</param>
    /// <param name="abort">Running work is cancelled and its messages are handed over.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        TimeSpan pause = options.MinPollingInterval;
        while (!stop.IsCancellationRequested)
        {
            await WhenSlotIsFreeAsync(stop);
            Task signal = wakeups.NextSignal(function.Queue);
            if (!stop.IsCancellationRequested && await TakeAsync(abort) > 0)
            {
                pause = options.MinPollingInterval;
                continue;
            }

            await signal.WaitAsync(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.MaxPollingInterval.Ticks));
        }
    }

    /// <summary>Takes as many messages as there are free slots and starts them. Returns how many; 0 also when the queue does not answer.</summary>
    public async Task<int> TakeAsync(CancellationToken abort)
    {
        int free = Math.Min(slots.CurrentCount, MaxPerReceive);
        if (free == 0)
        {
            return 0;
        }

        IReadOnlyList<LeasedMessage> messages;
        try
        {
            messages = await queue.ReceiveAsync(function.Queue, free, options.Lease, abort);
            health.Answered();
        }
        catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException)
        {
            health.Failed(e);
            return 0;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return 0;
        }

        foreach (LeasedMessage message in messages)
        {
            await slots.WaitAsync(CancellationToken.None); // is free: only this method takes slots
            Start(message, abort);
        }

        return messages.Count;
    }

    /// <summary>To be called when nothing runs any more.</summary>
    public void Dispose() => slots.Dispose();

    private void Start(LeasedMessage message, CancellationToken abort)
    {
        lock (tasksLock)
        {
            Task task = Task.Run(() => handler.HandleAsync(function, message, abort), CancellationToken.None);
            tasks.Add(task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default));
            tasks.RemoveWhere(old => old.IsCompleted);
        }

        void Ended(Task task)
        {
            slots.Release();
            wakeups.Signal(function.Queue);
            task.GetAwaiter().GetResult(); // the handler keeps its failures to itself; anything else is a fault to be seen
        }
    }

    private async Task WhenSlotIsFreeAsync(CancellationToken stop)
    {
        try
        {
            await slots.WaitAsync(stop);
            slots.Release();
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }
}
