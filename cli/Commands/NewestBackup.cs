using BackupFunctions.Cli.Client;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Cli.Commands;

/// <summary>Which backup of a schedule is restored when only the schedule is named.</summary>
internal static class NewestBackup
{
    /// <exception cref="BackupException">NotFound when the schedule has none that is good enough.</exception>
    public static async Task<string> OfAsync(IRunClient<VeleroBackup> backups, string schedule, bool allowPartiallyFailed, CancellationToken cancellationToken)
    {
        VeleroBackup? newest = null;
        string label = LabelValue.Of(schedule);
        await foreach (VeleroBackup backup in backups.ListAsync(cancellationToken))
        {
            bool isGood = backup.Status.Phase == BackupPhase.Completed || (allowPartiallyFailed && backup.Status.Phase == BackupPhase.PartiallyFailed);
            if (isGood && backup.ScheduleName == label && (newest is null || backup.Status.StartTimestamp > newest.Status.StartTimestamp))
            {
                newest = backup;
            }
        }

        return newest?.Name ?? throw new BackupException(
            ErrorKind.NotFound,
            $"The schedule '{schedule}' has no {(allowPartiallyFailed ? "Completed or PartiallyFailed" : "Completed")} backup.",
            "See what there is with 'backupctl backup get', and name one with --from-backup.");
    }
}
