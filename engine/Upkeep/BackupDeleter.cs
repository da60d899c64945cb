using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Retention;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// Deletes backups with all that belongs to them. The order lets a deletion be killed at any moment and done again: first the Backup
/// object, so that nobody takes what is left for a backup; then the volumes' snapshots and the restores made from it; last its files,
/// the list of its snapshots as the very last.
/// </summary>
public sealed class BackupDeleter(IBlobStore store, RepositoryPassword password, VolumeDataOptions options, TimeProvider time)
{
    private readonly BackupCatalog catalog = new(store);
    private readonly RestoreCatalog restores = new(store);
    private readonly RestoreDeleter restoreDeleter = new(store);
    private readonly RunStore runs = new(store);

    /// <summary>Whether the backup may be deleted: for whoever asks before sending a <see cref="DeletionRequest"/>.</summary>
    /// <exception cref="BackupException">NotFound; Conflict: it is under way, or a restore is reading it; Unsupported: only Velero can delete its volume data.</exception>
    public async Task CheckAsync(BackupName name, CancellationToken cancellationToken)
    {
        SnapshotReferences references = new(store);
        await CheckIdleAsync(name, cancellationToken);
        RefuseForeign(name, await references.ReadAsync(name, cancellationToken));
    }

    /// <summary>Deletes the backup, or what an interrupted deletion left of it.</summary>
    /// <exception cref="BackupException">
    /// As for <see cref="CheckAsync"/>, and what store or repository said. Unless it is gone, what remains is found again by its name.
    /// </exception>
    public Task<BackupDeletionReport> DeleteAsync(BackupName name, CancellationToken cancellationToken) =>
        DeleteAsync(name, new SnapshotReferences(store), cancellationToken);

    /// <summary>Does what a <see cref="DeletionRequest"/> asks for. A backup that is gone already needs no deleting.</summary>
    /// <exception cref="BackupException">As for <see cref="DeleteAsync(BackupName, CancellationToken)"/>, but for NotFound.</exception>
    public async Task HandleAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!DeletionRequest.IsDeletion(message))
        {
            throw new BackupException(ErrorKind.InvalidInput, $"A message asks for '{message.Run}', not for a deletion.", "Drop the message; it came to the wrong queue.");
        }

        try
        {
            await DeleteAsync(BackupName.Parse(message.Name), cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
        {
            return; // delivered twice
        }
    }

    internal async Task<BackupDeletionReport> DeleteAsync(BackupName name, SnapshotReferences references, CancellationToken cancellationToken)
    {
        bool isListed = await CheckIdleAsync(name, cancellationToken);
        OwnReferences own = await references.ReadAsync(name, cancellationToken);
        RefuseForeign(name, own);
        HashSet<VolumeDataReference> toForget = [.. own.Snapshots];
        if (own.Damage.Count > 0)
        {
            toForget.UnionWith(await FindByTagAsync(name, cancellationToken));
        }

        List<string> notes = [.. own.Damage.Select(damage => damage.Message)];
        await using OpenedRepository first = new();
        if (toForget.Count > 0)
        {
            HashSet<VolumeDataReference> others = await references.OfOthersAsync(name, cancellationToken);
            notes.AddRange(toForget.Where(others.Contains).Select(kept => $"snapshot {kept.Snapshot} of namespace {kept.Namespace} stays: another backup refers to it"));
            toForget.ExceptWith(others);

            // A wrong password is found here, while the backup is still whole.
            if (toForget.Count > 0)
            {
                first.Namespace = toForget.First().Namespace;
                first.Repository = await TryOpenAsync(first.Namespace, cancellationToken);
            }
        }

        // The leftovers of its run go before the Backup object: a plan without one would be taken for unfinished and published again.
        if (isListed)
        {
            await runs.RemoveWorkAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken);
        }

        await catalog.HideAsync(name, cancellationToken);
        await ForgetAsync(name, toForget, first, cancellationToken);
        List<string> deleted = await DeleteRestoresAsync(name, cancellationToken);
        await ThrowIfRestartedAsync(name, cancellationToken);
        await catalog.DeleteRemainsAsync(name, cancellationToken);
        references.Forget(name);
        return new BackupDeletionReport(name.ToString(), toForget.Count, deleted, notes);
    }

    /// <summary>Refuses what somebody works on, and what is not there.</summary>
    /// <returns>Whether there is a Backup object, damaged or not; else only remains.</returns>
    private async Task<bool> CheckIdleAsync(BackupName name, CancellationToken cancellationToken)
    {
        VeleroBackup? backup = null;
        bool isDamaged = false;
        try
        {
            backup = await catalog.TryGetAsync(name, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            isDamaged = true; // can be deleted all the same
        }

        if (backup is null && !isDamaged)
        {
            await ThrowIfRestartedAsync(name, cancellationToken);
            if (!await HasRemainsAsync(name, cancellationToken))
            {
                throw new BackupException(ErrorKind.NotFound, $"There is no backup {name} in {store.DisplayName}.", "List the backups with: backupctl backup get");
            }
        }

        // A backup that Velero left in a running phase is dead a day after its own end.
        if (backup is not null && BackupPhase.IsRunning(backup.Status.Phase)
            && !(backup.Status.Expiration is { } expiration && expiration + ExpiredBackups.DeadAfter <= time.GetUtcNow()))
        {
            throw UnderWay(name);
        }

        await foreach (Plan plan in RunningPlans.ListAsync(store, RunKind.Restore, cancellationToken))
        {
            if (await restoreDeleter.BackupOfRunningAsync(plan, cancellationToken) == name.ToString())
            {
                throw new BackupException(ErrorKind.Conflict, $"The restore {plan.Name} is reading backup {name}.", "Wait for its end, or cancel it, and ask again.");
            }
        }

        return backup is not null || isDamaged;
    }

    private static void RefuseForeign(BackupName name, OwnReferences own)
    {
        if (own.Foreign.Count > 0)
        {
            throw new BackupException(
                ErrorKind.Unsupported,
                $"Backup {name} cannot be deleted here: {string.Join("; ", own.Foreign)}, and would stay behind for ever.",
                "Delete this backup with Velero, which made it.");
        }
    }

    private static BackupException UnderWay(BackupName name) =>
        new(ErrorKind.Conflict, $"Backup {name} is still under way.", "Cancel it first, or wait for its end.");

    private async Task ThrowIfRestartedAsync(BackupName name, CancellationToken cancellationToken)
    {
        if (await runs.PlanWrittenAtAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken) is not null)
        {
            throw UnderWay(name);
        }
    }

    private async Task<bool> HasRemainsAsync(BackupName name, CancellationToken cancellationToken)
    {
        await foreach (BlobInfo _ in store.ListAsync(new BackupLayout(name).Folder, cancellationToken))
        {
            return true;
        }

        return false;
    }

    /// <summary>Opens the repository of a namespace; null when there is none, and so nothing to forget.</summary>
    private async Task<VolumeDataRepository?> TryOpenAsync(string ns, CancellationToken cancellationToken)
    {
        try
        {
            return await VolumeDataRepository.OpenAsync(store, ns, password, options, time, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>Forgets snapshots, namespace by namespace; a repository that fails does not keep the others from their turn.</summary>
    private async Task ForgetAsync(BackupName name, HashSet<VolumeDataReference> snapshots, OpenedRepository first, CancellationToken cancellationToken)
    {
        List<BackupException> failures = [];
        foreach (IGrouping<string, ManifestId> ofNamespace in snapshots.GroupBy(snapshot => snapshot.Namespace, snapshot => snapshot.Snapshot, StringComparer.Ordinal))
        {
            try
            {
                if (ofNamespace.Key == first.Namespace)
                {
                    await (first.Repository?.ForgetAsync([.. ofNamespace], cancellationToken) ?? Task.CompletedTask);
                }
                else if (await TryOpenAsync(ofNamespace.Key, cancellationToken) is { } repository)
                {
                    await using (repository)
                    {
                        await repository.ForgetAsync([.. ofNamespace], cancellationToken);
                    }
                }
            }
            catch (BackupException e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw new BackupException(
                failures[0].Kind,
                $"Of backup {name}, {failures.Count} repositories did not forget its snapshots: {string.Join("; ", failures.Take(3).Select(failure => failure.Message))}",
                $"{failures[0].Remedy} Then delete the backup again by its name; it is no longer listed, but its files are still there.",
                failures[0]);
        }
    }

    /// <summary>The snapshots whose own tags name the backup: the way to them when the backup's lists are damaged.</summary>
    private async Task<HashSet<VolumeDataReference>> FindByTagAsync(BackupName name, CancellationToken cancellationToken)
    {
        HashSet<VolumeDataReference> found = [];
        await foreach (string ns in store.ListFoldersAsync("kopia/", cancellationToken))
        {
            if (await TryOpenAsync(ns, cancellationToken) is not { } repository)
            {
                continue;
            }

            await using (repository)
            {
                IReadOnlyList<TreeSnapshot> all = await repository.ListAsync(cancellationToken);
                found.UnionWith(all.Where(snapshot => snapshot.Tags.GetValueOrDefault("backup") == name.ToString()).Select(snapshot => new VolumeDataReference(ns, snapshot.Id)));
            }
        }

        return found;
    }

    private async Task<List<string>> DeleteRestoresAsync(BackupName name, CancellationToken cancellationToken)
    {
        List<string> own = [];
        await foreach (RestoreEntry entry in restores.ListAsync(cancellationToken))
        {
            if (entry.Restore?.Spec.BackupName == name.ToString())
            {
                own.Add(entry.Name);
            }
        }

        foreach (string restore in own)
        {
            await restoreDeleter.DeleteAsync(RestoreName.Parse(restore), cancellationToken);
        }

        return own;
    }

    /// <summary>The repository that was opened to see whether it can be; not opened twice, because making its key is slow on purpose.</summary>
    private sealed class OpenedRepository : IAsyncDisposable
    {
        public string? Namespace { get; set; }

        /// <summary>Null when the namespace has none.</summary>
        public VolumeDataRepository? Repository { get; set; }

        public ValueTask DisposeAsync() => Repository?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
