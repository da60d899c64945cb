using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Writes the data of one volume back.</summary>
internal sealed class RestoreVolumeFunction(WorkDispatcher dispatcher) : IPoisonHandler
{
    [Function("RestoreVolume")]
    public Task RunAsync([QueueTrigger("restore-volumes")] WorkMessage message, CancellationToken cancellationToken) =>
        dispatcher.HandleAsync(message, cancellationToken);

    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) =>
        dispatcher.HandlePoisonAsync(message, reason, cancellationToken);
}
