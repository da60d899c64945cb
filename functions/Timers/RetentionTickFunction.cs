using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Retention;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.App.Timers;

/// <summary>Each hour: deletes what has expired.</summary>
internal sealed class RetentionTickFunction(RetentionRunner retention, TimeProvider time, ILogger<RetentionTickFunction> logger)
{
    [Function("RetentionTick")]
    public async Task RunAsync([TimerTrigger("30 7 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        RetentionReport report = await retention.RunAsync(time.GetUtcNow(), cancellationToken);
        foreach (BackupDeletionReport deleted in report.Deleted)
        {
            Log.BackupDeleted(logger, deleted.Backup, deleted.ForgottenSnapshots, deleted.Restores.Count, string.Join("; ", deleted.Notes));
        }

        foreach (SparedBackup spared in report.Spared)
        {
            Log.BackupSpared(logger, spared.Backup.Name, spared.Reason);
        }

        foreach (DeletionFailure failure in report.Failures)
        {
            Log.DeletionFailed(logger, failure.Backup, Failures.Text(failure.Error));
        }

        foreach (DeletionFailure unreadable in report.Unreadable)
        {
            Log.BackupUnreadable(logger, unreadable.Backup, Failures.Text(unreadable.Error));
        }
    }
}
