namespace BackupFunctions.App.Hosting.Timers;

/// <summary>Runs the timer functions of this process, each in a loop of its own: a timer never overlaps itself, and times that it missed are left out.</summary>
internal sealed class TimerHost(IReadOnlyList<TimerFunction> timers, TimeProvider time, ILogger<TimerHost> logger) : BackgroundService
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1); // the clock may be set meanwhile

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(timers.Select(timer => Task.Run(() => LoopAsync(timer, stoppingToken), CancellationToken.None)));

    private async Task LoopAsync(TimerFunction timer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            DateTimeOffset due = timer.Schedule.Next(time.GetUtcNow());
            while (!stop.IsCancellationRequested && due - time.GetUtcNow() is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest < LongestDelay ? rest : LongestDelay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!stop.IsCancellationRequested)
            {
                await RunAsync(timer, due, stop);
            }
        }
    }

    private async Task RunAsync(TimerFunction timer, DateTimeOffset due, CancellationToken stop)
    {
        try
        {
            long started = time.GetTimestamp();
            await timer.RunAsync(new TimerInfo(due), stop);
            Log.TimerRan(logger, timer.Name, (long)time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped; the next start goes on.
        }
        catch (Exception e)
        {
            Log.TimerFailed(logger, timer.Name, timer.Schedule.Next(time.GetUtcNow()), Failures.Text(e), Failures.Unexpected(e));
        }
    }
}
