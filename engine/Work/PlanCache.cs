using System.Collections.Concurrent;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// The plans that this process has read lately. A plan never changes while its run lasts, but a run of the same name may follow
/// after a deletion, so an entry is only used while the plan's blob is still there unchanged.
/// </summary>
internal sealed class PlanCache(RunStore runs)
{
    private const int MaxPlans = 8;
    private readonly ConcurrentDictionary<RunId, (Plan Plan, DateTimeOffset WrittenAt)> plans = new();

    public async Task<Plan?> TryGetAsync(RunId run, CancellationToken cancellationToken)
    {
        DateTimeOffset? writtenAt = await runs.PlanWrittenAtAsync(run, cancellationToken);
        if (writtenAt is null)
        {
            plans.TryRemove(run, out _);
            return null;
        }

        if (plans.TryGetValue(run, out (Plan Plan, DateTimeOffset WrittenAt) known) && known.WrittenAt == writtenAt)
        {
            return known.Plan;
        }

        Plan? plan = await runs.TryReadPlanAsync(run, cancellationToken);
        if (plan is not null)
        {
            if (plans.Count >= MaxPlans)
            {
                plans.Clear(); // few runs are under way at once; a full cache means they are old
            }

            plans[run] = (plan, writtenAt.Value);
        }

        return plan;
    }

    public void Forget(RunId run) => plans.TryRemove(run, out _);
}
