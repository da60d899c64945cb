using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Queues;

/// <summary>Deletes one backup with all that belongs to it.</summary>
internal sealed class DeleteBackupFunction(BackupDeleter deleter) : IPoisonHandler
{
    [Function("DeleteBackup")]
    public Task RunAsync([QueueTrigger("maintenance")] WorkMessage message, CancellationToken cancellationToken) =>
        message.Run == RetentionRunner.DeleteRun
            ? deleter.DeleteAsync(BackupName.Parse(message.Name), "expired or asked for", cancellationToken)
            : throw new BackupException(ErrorKind.InvalidInput, $"A maintenance message asks for '{message.Run}'.", "Drop the message; it was not written by this program.");

    /// <summary>Nothing to record: what is left is found by the next retention tick, and a backup that still stands can be deleted again.</summary>
    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
