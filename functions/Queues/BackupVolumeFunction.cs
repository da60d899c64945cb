using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Uploads the data of one volume.</summary>
internal sealed class BackupVolumeFunction(WorkDispatcher dispatcher) : IPoisonHandler
{
    [Function("BackupVolume")]
    public Task RunAsync([QueueTrigger("backup-volumes")] WorkMessage message, CancellationToken cancellationToken) =>
        dispatcher.HandleAsync(message, cancellationToken);

    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) =>
        dispatcher.HandlePoisonAsync(message, reason, cancellationToken);
}
