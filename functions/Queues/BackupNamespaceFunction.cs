using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Collects the objects of one namespace, or those of the cluster that belong to a backup.</summary>
internal sealed class BackupNamespaceFunction(WorkDispatcher dispatcher) : IPoisonHandler
{
    [Function("BackupNamespace")]
    public Task RunAsync([QueueTrigger("backup-namespaces")] WorkMessage message, CancellationToken cancellationToken) =>
        dispatcher.HandleAsync(message, cancellationToken);

    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) =>
        dispatcher.HandlePoisonAsync(message, reason, cancellationToken);
}
