using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>The plans of unfinished runs. A damaged one is passed over: the sweep reports it, and it must not stop all upkeep.</summary>
internal static class RunningPlans
{
    public static async IAsyncEnumerable<Plan> ListAsync(IBlobStore store, RunKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RunStore runs = new(store);
        await foreach ((RunId run, _) in runs.ListMarkedAsync(cancellationToken))
        {
            if (run.Kind == kind && await TryReadAsync(runs, run, cancellationToken) is { } plan)
            {
                yield return plan;
            }
        }
    }

    private static async Task<Plan?> TryReadAsync(RunStore runs, RunId run, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.TryReadPlanAsync(run, cancellationToken);
        }
        catch (BackupException e) when (e.Kind is ErrorKind.Corrupt or ErrorKind.Unsupported)
        {
            return null;
        }
    }
}
