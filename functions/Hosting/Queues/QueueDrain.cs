namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Works off what lies in the queues of some functions, what this work itself sends to them included, and then ends.</summary>
internal sealed class QueueDrain(
    IReadOnlyList<QueuePump> pumps, MessageHandler handler, IMessageQueue queue, PumpOptions options, TimeProvider time)
{
    /// <returns>When all queues are empty and nothing is in work here; or after <paramref name="stop"/>.</returns>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        TimeSpan pause = options.MinPollingInterval;
        while (!stop.IsCancellationRequested)
        {
            bool wasBusy = IsBusy;
            int taken = 0;
            foreach (QueuePump pump in pumps)
            {
                taken += await pump.TakeAsync(abort);
            }

            // A round that found nothing says something only if nothing ran (and could send) while it looked.
            if (taken == 0 && !wasBusy && !IsBusy && await AnswersAsync(stop))
            {
                return;
            }

            pause = taken > 0 ? options.MinPollingInterval : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.MaxPollingInterval.Ticks));
            Task ended = Task.WhenAny([.. pumps.SelectMany(pump => pump.Running), Task.Delay(pause, time, stop)]);
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsBusy => handler.HasDeferred || pumps.Any(pump => pump.Running.Any(task => !task.IsCompleted));

    /// <summary>A queue server that is down looks empty too.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.CheckAsync(cancellationToken);
            return true;
        }
        catch (Engine.Errors.BackupException)
        {
            return false; // the pumps have told it
        }
    }
}
