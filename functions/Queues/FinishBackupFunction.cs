using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Joins the parts of a backup and publishes it.</summary>
internal sealed class FinishBackupFunction(WorkDispatcher dispatcher) : IPoisonHandler
{
    [Function("FinishBackup")]
    public Task RunAsync([QueueTrigger("backup-finish")] WorkMessage message, CancellationToken cancellationToken) =>
        dispatcher.HandleAsync(message, cancellationToken);

    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) =>
        dispatcher.HandlePoisonAsync(message, reason, cancellationToken);
}
