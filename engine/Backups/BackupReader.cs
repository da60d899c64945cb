using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>Published backups and those under way, in one view.</summary>
public sealed class BackupReader(IBlobStore store, WorkOptions options)
{
    private readonly RunReader runs = new(store, options);

    /// <summary>What lies in the bucket as published backups.</summary>
    public BackupCatalog Catalog { get; } = new(store);

    /// <summary>All backups: those under way first, then the published ones; each part by name.</summary>
    public async IAsyncEnumerable<BackupEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> running = [];
        await foreach (Plan plan in runs.ListAsync(RunKind.Backup, cancellationToken))
        {
            // A published one may still have its work folder for a moment.
            if (!await Catalog.ExistsAsync(BackupName.Parse(plan.Name), cancellationToken) && running.Add(plan.Name))
            {
                yield return new BackupEntry(plan.Name, BackupFinisher.RequestOf(plan), null);
            }
        }

        await foreach (BackupEntry entry in Catalog.ListAsync(cancellationToken))
        {
            if (!running.Contains(entry.Name))
            {
                yield return entry;
            }
        }
    }

    /// <summary>One backup; one under way carries its progress so far.</summary>
    /// <exception cref="BackupException">NotFound, or Corrupt when its object cannot be read.</exception>
    public async Task<VeleroBackup> GetAsync(BackupName name, CancellationToken cancellationToken)
    {
        if (await Catalog.TryGetAsync(name, cancellationToken) is { } published)
        {
            return published;
        }

        Plan plan = await runs.TryGetAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"There is no backup '{name}' in {store.DisplayName}.", "List the backups there are with 'backupctl backup get'.");
        IReadOnlyList<ItemState> states = await runs.ReadStatesAsync(plan, cancellationToken);
        VeleroBackup request = BackupFinisher.RequestOf(plan);
        return request with
        {
            Status = request.Status with
            {
                Errors = states.Sum(state => state.Result?.Errors.Count ?? 0),
                Warnings = states.Sum(state => state.Result?.Warnings.Count ?? 0),
                Progress = ProgressOf(states),
            },
        };
    }

    /// <summary>Where the items of a backup under way stand; null when it is not under way.</summary>
    public async Task<IReadOnlyList<ItemState>?> TryReadStatesAsync(BackupName name, CancellationToken cancellationToken)
    {
        Plan? plan = await runs.TryGetAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken);
        return plan is null ? null : await runs.ReadStatesAsync(plan, cancellationToken);
    }

    // Objects are what Velero counts; the total is an estimate until every namespace has been listed.
    private static BackupProgress ProgressOf(IReadOnlyList<ItemState> states)
    {
        long done = states.Where(state => state.Item.Kind != ItemKinds.Volume).Sum(state => state.Result?.ItemCount ?? state.Progress?.ItemsDone ?? 0);
        int items = (int)Math.Min(int.MaxValue, done);
        return new BackupProgress { TotalItems = items, ItemsBackedUp = items };
    }
}
