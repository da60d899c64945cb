namespace BackupFunctions.Engine.Work;

/// <summary>
/// Where messages to queue functions are put. Delivery is at least once and order is loose: a message may be lost by the queue
/// (the sweep of unfinished plans sends it again) or come twice (items are idempotent). A process boundary.
/// </summary>
public interface IWorkQueue
{
    /// <summary>Puts one message; returns when the queue has accepted it. The queue is created if it does not exist.</summary>
    Task SendAsync(QueueName queue, WorkMessage message, CancellationToken cancellationToken);
}
