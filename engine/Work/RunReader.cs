using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Work;

/// <summary>Looks at unfinished runs without touching them.</summary>
public sealed class RunReader(IBlobStore store, WorkOptions options)
{
    private readonly RunStore runs = new(store);

    /// <summary>Plans of the unfinished runs of a kind, in the order of their names.</summary>
    public async IAsyncEnumerable<Plan> ListAsync(RunKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((RunId run, _) in runs.ListMarkedAsync(cancellationToken))
        {
            if (run.Kind == kind && await runs.TryReadPlanAsync(run, cancellationToken) is { } plan)
            {
                yield return plan;
            }
        }
    }

    /// <summary>The plan of an unfinished run, or null.</summary>
    public Task<Plan?> TryGetAsync(RunId run, CancellationToken cancellationToken) => runs.TryReadPlanAsync(run, cancellationToken);

    /// <summary>Where every item of the run stands, in plan order.</summary>
    public async Task<IReadOnlyList<ItemState>> ReadStatesAsync(Plan plan, CancellationToken cancellationToken)
    {
        HashSet<string> finished = await runs.ListFinishedItemsAsync(plan.Id, cancellationToken);
        ItemState[] states = new ItemState[plan.Items.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plan.Items.Count),
            new ParallelOptions { MaxDegreeOfParallelism = options.ReadConcurrency, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                PlanItem item = plan.Items[index];
                states[index] = finished.Contains(item.Id)
                    ? new ItemState(item, await runs.TryReadResultAsync(plan.Id, item.Id, token), null)
                    : new ItemState(item, null, (await runs.TryReadProgressAsync(plan.Id, item.Id, token))?.Progress);
            });
        return states;
    }

    /// <summary>Whether somebody asked to cancel the run.</summary>
    public Task<bool> IsCancelledAsync(RunId run, CancellationToken cancellationToken) => runs.IsCancelledAsync(run, cancellationToken);
}
