using System.Collections.Concurrent;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>What this process sends, it looks for at once instead of at the end of its pause.</summary>
internal sealed class QueueWakeups
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = [];

    /// <summary>A task that ends with the next signal; to be asked for before looking into the queue.</summary>
    public Task NextSignal(QueueName queue) => waiting.GetOrAdd(queue.Value, static _ => NewSource()).Task;

    public void Signal(QueueName queue)
    {
        if (waiting.TryRemove(queue.Value, out TaskCompletionSource? source))
        {
            source.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
