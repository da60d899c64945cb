using System.Collections.Concurrent;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// A queue inside one process, for a command line that works without a function app. It lives as long as the process; what is lost
/// with it is found again from the plan in the bucket.
/// </summary>
public sealed class LocalWorkQueue : IWorkQueue
{
    private readonly ConcurrentQueue<WorkMessage> messages = new();

    public Task SendAsync(QueueName queue, WorkMessage message, CancellationToken cancellationToken)
    {
        messages.Enqueue(message);
        return Task.CompletedTask;
    }

    /// <summary>Takes the oldest message; false when there is none.</summary>
    internal bool TryTake(out WorkMessage? message) => messages.TryDequeue(out message);
}
