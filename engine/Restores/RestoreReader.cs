using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>Published restores and those under way, in one view.</summary>
public sealed class RestoreReader(IBlobStore store, WorkOptions options)
{
    private readonly RunReader runs = new(store, options);

    /// <summary>What lies in the bucket as published restores.</summary>
    public RestoreCatalog Catalog { get; } = new(store);

    /// <summary>All restores: those under way first, then the published ones; each part by name.</summary>
    public async IAsyncEnumerable<RestoreEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> running = [];
        await foreach (Plan plan in runs.ListAsync(RunKind.Restore, cancellationToken))
        {
            // A published one may still have its work folder for a moment.
            if (await Catalog.TryGetAsync(RestoreName.Parse(plan.Name), cancellationToken) is null && running.Add(plan.Name))
            {
                yield return new RestoreEntry(plan.Name, RestoreScope.RequestOf(plan), null);
            }
        }

        await foreach (RestoreEntry entry in Catalog.ListAsync(cancellationToken))
        {
            if (!running.Contains(entry.Name))
            {
                yield return entry;
            }
        }
    }

    /// <summary>One restore; one under way carries its progress so far.</summary>
    /// <exception cref="BackupException">NotFound, or Corrupt when its object cannot be read.</exception>
    public async Task<VeleroRestore> GetAsync(RestoreName name, CancellationToken cancellationToken)
    {
        if (await Catalog.TryGetAsync(name, cancellationToken) is { } published)
        {
            return published;
        }

        Plan plan = await runs.TryGetAsync(new RunId(RunKind.Restore, name.ToString()), cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"There is no restore '{name}' in {store.DisplayName}.", "List the restores there are with 'backupctl restore get'.");
        IReadOnlyList<ItemState> states = await runs.ReadStatesAsync(plan, cancellationToken);
        VeleroRestore request = RestoreScope.RequestOf(plan);
        long done = states.Where(state => state.Item.Kind != RestoreItemKinds.Volume).Sum(state => state.Result?.ItemCount ?? state.Progress?.ItemsDone ?? 0);
        int items = (int)Math.Min(int.MaxValue, done);
        return request with
        {
            Status = request.Status with
            {
                Errors = states.Sum(state => state.Result?.Errors.Count ?? 0),
                Warnings = states.Sum(state => state.Result?.Warnings.Count ?? 0),
                Progress = new Catalog.RestoreProgress { TotalItems = items, ItemsRestored = items },
            },
        };
    }

    /// <summary>Where the items of a restore under way stand; null when it is not under way.</summary>
    public async Task<IReadOnlyList<ItemState>?> TryReadStatesAsync(RestoreName name, CancellationToken cancellationToken)
    {
        Plan? plan = await runs.TryGetAsync(new RunId(RunKind.Restore, name.ToString()), cancellationToken);
        return plan is null ? null : await runs.ReadStatesAsync(plan, cancellationToken);
    }
}
