using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>The message is not ours (any more).</summary>
/// <param name="queue">Queue of the message.</param>
/// <param name="id">Its id.</param>
/// <param name="forgotten">
/// True when the queue does not know the message at all: somebody finished it, or the queue lost it. False when somebody else holds it.
/// </param>
internal sealed class LeaseLostException(QueueName queue, string id, bool forgotten)
    : BackupException(
        ErrorKind.Conflict,
        forgotten ? $"Message {id} is not in queue {queue} any more." : $"Message {id} of queue {queue} is held by somebody else.",
        "Nothing needs to be done: whoever holds the message does its work, and lost messages are sent again.")
{
    public bool Forgotten { get; } = forgotten;
}
