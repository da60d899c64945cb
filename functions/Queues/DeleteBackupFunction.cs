using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Deletes one backup with all that belongs to it.</summary>
internal sealed class DeleteBackupFunction(BackupDeleter deleter) : IPoisonHandler
{
    [Function("DeleteBackup")]
    public Task RunAsync([QueueTrigger("maintenance")] WorkMessage message, CancellationToken cancellationToken) =>
        deleter.HandleAsync(message, cancellationToken);

    /// <summary>Nothing to record: what is left is found by the retention, and a backup that still stands can be deleted again.</summary>
    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
