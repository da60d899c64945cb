using System.Collections.Concurrent;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>
/// Works one message off: holds its lease, runs the function, and then deletes it, lets it come again later, or moves it to the
/// poison queue. Never throws: what cannot be done with the message now is done when its lease ends.
/// </summary>
internal sealed class MessageHandler(IMessageQueue queue, PumpOptions options, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> deferred = [];

    /// <summary>Whether messages that this process put off will come back soon.</summary>
    public bool HasDeferred
    {
        get
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach ((string id, DateTimeOffset until) in deferred)
            {
                if (until + options.MaxPollingInterval < now)
                {
                    deferred.TryRemove(id, out _); // somebody else got it
                }
            }

            return !deferred.IsEmpty;
        }
    }

    public async Task HandleAsync(QueueFunction function, LeasedMessage message, CancellationToken abort)
    {
        deferred.TryRemove(message.Id, out _);
        try
        {
            if (!MessageCodec.TryRead(message.Body, out WorkMessage? work, out string problem))
            {
                Log.UnreadableMessage(logger, message.Queue.Value, message.Id, problem);
                await MoveToPoisonAsync(message);
                return;
            }

            await using MessageLease lease = new(queue, message, options.Lease, time, logger, abort);
            await RunAsync(function, message, work, lease, abort);
        }
        catch (Exception e)
        {
            // A function entry (the last place that catches): the queue failed us after the work. The message comes again by itself.
            Log.MessageLeft(logger, message.Queue.Value, message.Id, e.Message);
        }
    }

    private async Task RunAsync(QueueFunction function, LeasedMessage message, WorkMessage work, MessageLease lease, CancellationToken abort)
    {
        if (message.DequeueCount > options.MaxDequeueCount)
        {
            string killed = $"It was started {message.DequeueCount - 1} times and never ended: its workers were killed or lost their lease.";
            await AfterFailureAsync(function, message, work, lease, killed);
            return;
        }

        try
        {
            Log.FunctionStarts(logger, function.Name, work.Run, work.Name, work.Item, message.DequeueCount);
            long started = time.GetTimestamp();
            await function.RunAsync(work, lease.Token);
            Log.FunctionEnds(logger, function.Name, work.Run, work.Name, work.Item, (long)time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (lease.IsLost)
        {
            return; // already told
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            await HandOverAsync(await lease.EndAsync());
            return;
        }
        catch (Exception e)
        {
            string reason = Failures.Text(e);
            Log.FunctionFailed(logger, function.Name, work.Run, work.Name, work.Item, message.DequeueCount, options.MaxDequeueCount, reason, Failures.Unexpected(e));
            await AfterFailureAsync(function, message, work, lease, reason);
            return;
        }

        // Not inside the try: a queue that takes no deletion now says nothing against the work, which is done.
        await DeleteAsync(await lease.EndAsync());
    }

    private async Task AfterFailureAsync(QueueFunction function, LeasedMessage message, WorkMessage work, MessageLease lease, string reason)
    {
        if (message.DequeueCount < options.MaxDequeueCount)
        {
            await DeferAsync(await lease.EndAsync());
            return;
        }

        try
        {
            await function.OnPoisonAsync(work, reason, lease.Token);
        }
        catch (Exception e)
        {
            // Not given up: moved away, nobody would ever learn that the item failed.
            Log.PoisonNotRecorded(logger, message.Queue.Value, work.Run, work.Name, work.Item, Failures.Text(e));
            await DeferAsync(await lease.EndAsync());
            return;
        }

        Log.MovedToPoison(logger, message.Queue.Value, work.Run, work.Name, work.Item, reason);
        if (await lease.EndAsync() is { } current)
        {
            await MoveToPoisonAsync(current);
        }
    }

    private async Task MoveToPoisonAsync(LeasedMessage message)
    {
        await queue.SendBytesAsync(QueueNames.PoisonOf(message.Queue), message.Body, CancellationToken.None);
        await DeleteAsync(message);
    }

    /// <summary>
    /// Gives the message to another worker at once, as a new one: a worker that was asked to stop is no failed attempt, and attempts are
    /// counted by the queue. Killed in between there are two, of which the second finds the work done.
    /// </summary>
    private async Task HandOverAsync(LeasedMessage? message)
    {
        if (message is not null)
        {
            await queue.SendBytesAsync(message.Queue, message.Body, CancellationToken.None);
            await DeleteAsync(message);
            Log.HandedOver(logger, message.Queue.Value, message.Id);
        }
    }

    private async Task DeferAsync(LeasedMessage? message)
    {
        if (message is not null)
        {
            TimeSpan delay = options.RetryDelayAfter(message.DequeueCount);
            await queue.RenewAsync(message, delay, CancellationToken.None);
            deferred[message.Id] = time.GetUtcNow() + delay;
        }
    }

    private async Task DeleteAsync(LeasedMessage? message)
    {
        if (message is not null && !await queue.DeleteAsync(message, CancellationToken.None))
        {
            Log.DeletedByOthers(logger, message.Queue.Value, message.Id);
        }
    }
}
