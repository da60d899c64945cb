using BackupFunctions.Engine.Errors;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// Publishes one complete run, giving a sign of life meanwhile so that no second worker begins the same. Harmless if one does: the
/// last blob of a published run is written by one of them only.
/// </summary>
internal sealed class FinishRun(RunStore runs, Plan plan, IRunExecutor executor, WorkerId worker, WorkOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The name under which a finisher gives its sign of life; no plan item has it.</summary>
    public const string SignName = "finish";

    public async Task PublishAsync(RunResults results, CancellationToken cancellationToken)
    {
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await GiveSignAsync(cancellationToken);
        Task signs = GiveSignsAsync(done.Token);
        try
        {
            await executor.FinishAsync(plan, results, cancellationToken);
        }
        finally
        {
            await done.CancelAsync();
            await signs;
        }

        Log.RunFinished(logger, plan.Id);
    }

    /// <summary>
    /// Reads what results can be read and gives the others a failed one: for a run that can no longer be published as a whole.
    /// </summary>
    public async Task<IReadOnlyList<ItemResult>> SalvageResultsAsync(CancellationToken cancellationToken)
    {
        List<ItemResult> results = [];
        foreach (PlanItem item in plan.Items)
        {
            results.Add(await TryReadAsync(item, cancellationToken) ?? new ItemResult
            {
                Item = item.Id,
                Worker = worker.ToString(),
                StartedAt = plan.StartedAt,
                CompletedAt = time.GetUtcNow(),
                Succeeded = false,
                Errors = [new ItemFailure(item.Namespace, null, item.Name, $"the result of {item.Kind} {item.Id} cannot be read any more")],
            });
        }

        return results;
    }

    private async Task<ItemResult?> TryReadAsync(PlanItem item, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.TryReadResultAsync(plan.Id, item.Id, cancellationToken);
        }
        catch (BackupException e) when (!e.IsTransient)
        {
            Log.ResultUnreadable(logger, plan.Id, item.Id, e);
            return null;
        }
    }

    private async Task GiveSignsAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(options.ProgressInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await GiveSignAsync(cancellationToken);
                }
                catch (BackupException e)
                {
                    Log.SignFailed(logger, plan.Id, SignName, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return; // published, or given up
        }
    }

    private Task GiveSignAsync(CancellationToken cancellationToken) =>
        runs.WriteProgressAsync(plan.Id, SignName, new ItemProgress(worker.ToString(), 0, 0, 0, 0), cancellationToken);
}
