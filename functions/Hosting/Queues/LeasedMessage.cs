using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>A message that this process holds until its lease ends.</summary>
/// <param name="Queue">Where it was taken.</param>
/// <param name="Id">The queue's own id of it.</param>
/// <param name="Receipt">Proof of the lease; every renewal gives a new one.</param>
/// <param name="Body">What was sent, usually a <see cref="WorkMessage"/> as JSON.</param>
/// <param name="DequeueCount">How often it has been taken, this time included: 1 or more.</param>
internal sealed record LeasedMessage(QueueName Queue, string Id, string Receipt, ReadOnlyMemory<byte> Body, int DequeueCount);
