using BackupFunctions.Engine.Errors;

namespace BackupFunctions.App.Hosting.Queues;

/// <summary>
/// Keeps a message hidden while its work runs: renews it after a third of its lease, always with the newest receipt. When
/// somebody else got the message, <see cref="Token"/> is cancelled. While the queue does not answer, the work goes on: nobody else
/// can get the message either, and results are written by whoever is first.
/// </summary>
internal sealed class MessageLease : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    private readonly IMessageQueue queue;
    private readonly TimeSpan lease;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource work;
    private readonly CancellationTokenSource stop = new();
    private readonly Task renewing;

    // Both are written by the renewing task alone, and read after it has ended.
    private LeasedMessage message;
    private bool forgotten;

    private volatile bool lost;

    public MessageLease(IMessageQueue queue, LeasedMessage message, TimeSpan lease, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        this.queue = queue;
        this.message = message;
        this.lease = lease;
        this.time = time;
        this.logger = logger;
        work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        renewing = RenewAsync(time.GetUtcNow() + lease);
    }

    /// <summary>For the work: cancelled when the lease is lost, or by the token that the lease was made with.</summary>
    public CancellationToken Token => work.Token;

    /// <summary>Whether somebody else has the message now.</summary>
    public bool IsLost => lost;

    /// <summary>Ends the renewing. Returns the message with its newest receipt, or null when it is not ours any more.</summary>
    public async Task<LeasedMessage?> EndAsync()
    {
        await stop.CancelAsync();
        await renewing;
        return lost || forgotten ? null : message;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        stop.Dispose();
        work.Dispose();
    }

    private async Task RenewAsync(DateTimeOffset validUntil)
    {
        TimeSpan pause = lease / 3;
        while (true)
        {
            await Task.Delay(pause, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            try
            {
                DateTimeOffset asked = time.GetUtcNow();

                // Not with the stop token: a renewal that the server made and we did not hear of would take the receipt away.
                message = await queue.RenewAsync(message, lease, CancellationToken.None);
                validUntil = asked + lease;
                pause = lease / 3;
            }
            catch (LeaseLostException e) when (e.Forgotten && time.GetUtcNow() < validUntil)
            {
                // Nobody can have taken it before its time: the server itself lost it, and sends it to nobody.
                forgotten = true;
                Log.MessageForgotten(logger, message.Queue.Value, message.Id);
                return;
            }
            catch (LeaseLostException e)
            {
                lost = true;
                Log.LeaseLost(logger, message.Queue.Value, message.Id, e.Message);
                await work.CancelAsync();
                return;
            }
            catch (BackupException e)
            {
                Log.RenewalFailed(logger, message.Queue.Value, message.Id, e.Message);
                pause = TimeSpan.FromTicks(Math.Min((lease / 3).Ticks, RetryPause.Ticks));
            }
        }
    }
}
