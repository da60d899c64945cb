using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Sends, and wakes the pump of that queue in this process.</summary>
internal sealed class WakingQueue(IMessageQueue inner, QueueWakeups wakeups) : IWorkQueue
{
    public async Task SendAsync(QueueName queue, WorkMessage message, CancellationToken cancellationToken)
    {
        await inner.SendAsync(queue, message, cancellationToken);
        wakeups.Signal(queue);
    }
}
