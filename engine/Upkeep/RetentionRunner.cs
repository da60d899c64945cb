using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Retention;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Deletes what has expired. May run in several places at once: deletions can be repeated.</summary>
public sealed class RetentionRunner(IBlobStore store, BackupDeleter deleter)
{
    /// <summary>
    /// How long files without a Backup object are left alone: Velero writes the object last, and a backup's upload must not be taken
    /// for the remains of one.
    /// </summary>
    internal static readonly TimeSpan RemainsAge = TimeSpan.FromDays(1);

    /// <summary>Deletes every expired backup and the remains of deletions that were interrupted.</summary>
    /// <exception cref="BackupException">The store cannot be read, or takes no deletions (AccessDenied): nothing was deleted.</exception>
    public async Task<RetentionReport> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        BackupCatalog catalog = new(store);
        List<VeleroBackup> backups = [];
        List<DeletionFailure> unreadable = [];
        await foreach (BackupEntry entry in catalog.ListAsync(cancellationToken))
        {
            if (entry.Backup is { } backup)
            {
                backups.Add(backup);
            }
            else
            {
                unreadable.Add(new DeletionFailure(entry.Name, entry.Problem!)); // without a backup there is a problem
            }
        }

        RetentionPlan plan = ExpiredBackups.Select(backups, await ListRestoresAsync(cancellationToken), now);
        List<BackupName> names = [.. plan.Delete.Select(deletion => BackupName.Parse(deletion.Backup.Name))];
        await foreach (BackupName remains in catalog.ListRemainsAsync(now - RemainsAge, cancellationToken))
        {
            names.Add(remains);
        }

        SnapshotReferences references = new(store);
        List<BackupDeletionReport> deleted = [];
        List<DeletionFailure> failures = [];
        foreach (BackupName name in names)
        {
            try
            {
                deleted.Add(await deleter.DeleteAsync(name, references, cancellationToken));
            }
            catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
            {
                continue; // another pass was faster
            }
            catch (BackupException e) when (e.Kind == ErrorKind.AccessDenied && deleted.Count == 0)
            {
                throw; // a store that takes no deletions says so once, not once for each backup
            }
            catch (BackupException e)
            {
                failures.Add(new DeletionFailure(name.ToString(), e));
            }
        }

        return new RetentionReport(deleted, plan.Spared, failures, unreadable);
    }

    /// <summary>Restores under way, which keep their backup alive, and those that ended and go with it.</summary>
    private async Task<List<VeleroRestore>> ListRestoresAsync(CancellationToken cancellationToken)
    {
        List<VeleroRestore> restores = [];
        await foreach (RestoreEntry entry in new RestoreCatalog(store).ListAsync(cancellationToken))
        {
            if (entry.Restore is { } restore)
            {
                restores.Add(restore);
            }
        }

        HashSet<string> ended = [.. restores.Select(restore => restore.Name)];
        await foreach (Plan plan in RunningPlans.ListAsync(store, RunKind.Restore, cancellationToken))
        {
            if (!ended.Contains(plan.Name) && RestoreDeleter.RequestOf(plan) is { } running)
            {
                restores.Add(running);
            }
        }

        return restores;
    }
}
