using System.Globalization;
using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Engine.Retention;

/// <summary>
/// Velero's rule: a backup goes when its expiration has come, whatever its phase and whether a schedule made it. Spared are backups that
/// somebody works on: running ones, until <see cref="DeadAfter"/> past their expiration, and those a running restore reads.
/// </summary>
public static class ExpiredBackups
{
    /// <summary>
    /// How long after its expiration a backup in a running phase is still taken for alive. Velero gives each operation 4 hours; a backup
    /// that is a day past its own life was left behind by a crash.
    /// </summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromDays(1);

    /// <param name="backups">All backups.</param>
    /// <param name="restores">All restores whose object is known.</param>
    /// <param name="now">The moment to judge by.</param>
    public static RetentionPlan Select(IReadOnlyList<VeleroBackup> backups, IReadOnlyList<VeleroRestore> restores, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(backups);
        ILookup<string?, VeleroRestore> restoresOf = restores.ToLookup(restore => restore.Spec.BackupName, StringComparer.Ordinal);
        List<BackupDeletion> delete = [];
        List<SparedBackup> spared = [];
        foreach (VeleroBackup backup in backups)
        {
            if (backup.Status.Expiration is not { } expiration || expiration > now)
            {
                continue;
            }

            List<VeleroRestore> own = [.. restoresOf[backup.Name]];
            if (SparedBecause(backup, own, expiration, now) is { } reason)
            {
                spared.Add(new SparedBackup(backup, reason));
            }
            else
            {
                string text = expiration.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                delete.Add(new BackupDeletion(backup, $"expired at {text}", own));
            }
        }

        return new RetentionPlan([.. delete.OrderBy(deletion => deletion.Backup.Status.Expiration)], spared);
    }

    private static string? SparedBecause(VeleroBackup backup, List<VeleroRestore> restores, DateTimeOffset expiration, DateTimeOffset now)
    {
        if (BackupPhase.IsRunning(backup.Status.Phase) && now - expiration < DeadAfter)
        {
            return $"it is in phase {(string.IsNullOrEmpty(backup.Status.Phase) ? BackupPhase.New : backup.Status.Phase)}";
        }

        return restores.Find(restore => !RestorePhase.IsFinished(restore.Status.Phase)) is { } running
            ? $"the restore {running.Name} is reading it"
            : null;
    }
}
