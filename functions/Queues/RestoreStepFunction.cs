using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Does one step of a restore that is no volume, or publishes the restore.</summary>
internal sealed class RestoreStepFunction(WorkDispatcher dispatcher) : IPoisonHandler
{
    [Function("RestoreStep")]
    public Task RunAsync([QueueTrigger("restore-steps")] WorkMessage message, CancellationToken cancellationToken) =>
        dispatcher.HandleAsync(message, cancellationToken);

    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) =>
        dispatcher.HandlePoisonAsync(message, reason, cancellationToken);
}
