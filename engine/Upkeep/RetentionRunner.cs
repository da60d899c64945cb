using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Retention;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Finds what has expired and asks the workers to delete it, one message for each backup.</summary>
public sealed class RetentionRunner(IBlobStore store, IWorkQueue queue, TimeProvider time, ILogger logger)
{
    /// <summary>What the message of a deletion says in <see cref="WorkMessage.Run"/>.</summary>
    public const string DeleteRun = "delete-backup";

    // An upload or a deletion that has not moved for so long will not move any more.
    private static readonly TimeSpan RemainsAge = TimeSpan.FromDays(1);

    private readonly BackupCatalog backups = new(store);

    /// <summary>To be called now and then, by anybody: a deletion that is asked for twice finds nothing to do.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<VeleroBackup> expired = [];
        await foreach (BackupEntry entry in backups.ListAsync(cancellationToken))
        {
            if (entry.Backup is { Status.Expiration: { } expiration } backup && expiration <= now)
            {
                expired.Add(backup);
            }
        }

        // Running restores are looked at by the deletion itself, at the moment that counts.
        RetentionPlan plan = ExpiredBackups.Select(expired, [], now);
        foreach (BackupDeletion deletion in plan.Delete)
        {
            Log.BackupExpired(logger, deletion.Backup.Name, deletion.Reason);
            await SendAsync(queue, deletion.Backup.Name, cancellationToken);
        }

        await foreach (BackupName remains in backups.ListRemainsAsync(now - RemainsAge, cancellationToken))
        {
            await SendAsync(queue, remains.ToString(), cancellationToken);
        }
    }

    /// <summary>Asks for the deletion of one backup.</summary>
    public static Task SendAsync(IWorkQueue queue, string backup, CancellationToken cancellationToken) =>
        queue.SendAsync(QueueName.Maintenance, new WorkMessage { Run = DeleteRun, Name = backup }, cancellationToken);
}
