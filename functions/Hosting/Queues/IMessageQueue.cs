using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>
/// A set of named queues with leases, as Azure Storage has them: a taken message is hidden until its lease ends and comes back
/// if nobody deletes it. A missing queue is created, also one that the server lost. Failures are
/// <see cref="Engine.Errors.BackupException"/> (Unavailable when the server does not answer); no member retries a receive or a
/// renewal, because its caller does. All members may be called concurrently, and by several processes on the same queues.
/// </summary>
internal interface IMessageQueue : IWorkQueue
{
    /// <summary>For people; without credentials.</summary>
    string DisplayName { get; }

    /// <summary>Longest sensible pause between two looks into an empty queue: looking costs money or not.</summary>
    TimeSpan MaxPollingInterval { get; }

    /// <summary>Takes up to <paramref name="max"/> (1 to 32) visible messages and hides them for <paramref name="lease"/>.</summary>
    Task<IReadOnlyList<LeasedMessage>> ReceiveAsync(QueueName queue, int max, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Hides the message for <paramref name="lease"/> from now on (zero gives it back at once) and returns it with its new receipt.
    /// </summary>
    /// <exception cref="LeaseLostException">It is not ours.</exception>
    Task<LeasedMessage> RenewAsync(LeasedMessage message, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Removes the message. False when it was not ours any more.</summary>
    Task<bool> DeleteAsync(LeasedMessage message, CancellationToken cancellationToken);

    /// <summary>Puts bytes as they are, for poison queues and for handing a message over.</summary>
    Task SendBytesAsync(QueueName queue, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>How many messages there are, hidden ones included; about right.</summary>
    Task<long> CountAsync(QueueName queue, CancellationToken cancellationToken);

    /// <summary>Returns when the server answers, and throws when it does not.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
