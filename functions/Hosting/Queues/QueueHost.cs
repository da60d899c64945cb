namespace BackupFunctions.App.Hosting.Queues;

/// <summary>
/// Runs the pumps of this process. Stopping is graceful: no more messages are taken, running work may end within the grace, then it is
/// cancelled and its messages are handed over.
/// </summary>
internal sealed class QueueHost(
    IReadOnlyList<QueuePump> pumps, MessageHandler handler, IMessageQueue queue, PumpOptions options, TimeProvider time, ILogger<QueueHost> logger)
    : BackgroundService
{
    // After its cancellation, work gets this long to end and its message to be handed over.
    private static readonly TimeSpan HandOverLimit = TimeSpan.FromSeconds(8);

    /// <summary>What a host must allow for stopping.</summary>
    public static TimeSpan StopLimit(PumpOptions options) => options.ShutdownGrace + HandOverLimit + TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunAsync((stop, abort) => Task.WhenAll(pumps.Select(pump => pump.RunAsync(stop, abort))), stoppingToken);

    /// <summary>Works the queues off and returns; earlier when stopped.</summary>
    public Task DrainAsync(CancellationToken stop)
    {
        QueueDrain drain = new(pumps, handler, queue, options, time);
        return RunAsync(drain.RunAsync, stop);
    }

    private async Task RunAsync(Func<CancellationToken, CancellationToken, Task> pumping, CancellationToken stop)
    {
        if (pumps.Count == 0)
        {
            return;
        }

        Log.PumpsStart(logger, queue.DisplayName, string.Join(", ", pumps.Select(pump => pump.Function.Name)));
        using CancellationTokenSource abort = new();
        Task all = Task.Run(() => pumping(stop, abort.Token), CancellationToken.None);
        await all.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested && Running.Length > 0)
        {
            Log.WaitingForWork(logger, Running.Length, options.ShutdownGrace);
            await Task.WhenAll(Running).WaitAsync(options.ShutdownGrace, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await abort.CancelAsync();
        await Task.WhenAll([all, .. Running]).WaitAsync(HandOverLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.IsFaulted)
        {
            await all;
        }
    }

    private Task[] Running => [.. pumps.SelectMany(pump => pump.Running).Where(task => !task.IsCompleted)];
}
