using System.Runtime.ExceptionServices;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Work;

/// <summary>Handles the messages of a <see cref="LocalWorkQueue"/> until none is left: a whole run inside one process.</summary>
public sealed class LocalWorkRunner(LocalWorkQueue queue, WorkDispatcher dispatcher, int workers)
{
    private const int MaxAttempts = 3;

    /// <summary>Works with several messages at a time until the queue is empty and nothing is being done.</summary>
    /// <exception cref="BackupException">A message that is no single item's (finishing the run) failed every time.</exception>
    public async Task RunToEndAsync(CancellationToken cancellationToken)
    {
        List<Task> running = [];
        while (true)
        {
            while (running.Count < workers && queue.TryTake(out WorkMessage? message))
            {
                running.Add(HandleAsync(message!, cancellationToken)); // taken, so not null
            }

            if (running.Count == 0)
            {
                return;
            }

            Task done = await Task.WhenAny(running);
            running.Remove(done);
            await done;
        }
    }

    private async Task HandleAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await dispatcher.HandleAsync(message, cancellationToken);
                return;
            }
            catch (BackupException e) when (attempt >= MaxAttempts || !e.IsTransient)
            {
                if (message.Item is null)
                {
                    ExceptionDispatchInfo.Throw(e);
                }

                await dispatcher.HandlePoisonAsync(message, $"{e.Message} {e.Remedy}", cancellationToken);
                return;
            }
            catch (BackupException)
            {
                continue; // transient, and tries are left: the store's own retries have already waited
            }
        }
    }
}
