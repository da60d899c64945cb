using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// One item being done by this worker: executor, sign of life, watch for cancellation, log, and at the end the race for the result.
/// </summary>
internal sealed class ItemRun(
    IBlobStore store, RunStore runs, RunClaims claims, Plan plan, PlanItem item, IRunExecutor executor, WorkerId worker, WorkOptions options, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly AttemptId attempt = AttemptId.Create();
    private readonly CancellationTokenSource stopSigns = new();
    private readonly CancellationTokenSource runCancelled = new();

    // Longer is not worth waiting for: a sign that stays only costs the stall time.
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunToResultAsync(cancellationToken);
        }
        catch
        {
            await LeaveAsync();
            throw;
        }
    }

    private async Task RunToResultAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        IReadOnlyList<PlanItem> earlier = [.. plan.Items.Where(other => other.Stage < item.Stage)];
        IReadOnlyList<ItemResult> earlierResults = await runs.ReadResultsAsync(plan.Id, earlier, options.ReadConcurrency, cancellationToken);
        using BackupLog log = plan.Run == RunKind.Backup
            ? BackupLog.ForBackup(BackupName.Parse(plan.Name), time)
            : BackupLog.ForRestore(RestoreName.Parse(plan.Name), time);
        ItemContext context = new(worker, attempt, log, earlierResults);
        await runs.WriteProgressAsync(plan.Id, item.Id, context.Progress, cancellationToken);
        Log.ItemStarted(logger, plan.Id, item.Id, item.Kind, item.Namespace ?? "", item.Name ?? "");

        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, runCancelled.Token);
        Task signs = GiveSignsOfLifeAsync(context, cancellationToken);
        ItemOutcome outcome;
        try
        {
            outcome = await executor.ExecuteAsync(plan, item, context, linked.Token);
        }
        catch (OperationCanceledException) when (runCancelled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.ItemCancelled(logger, plan.Id, item.Id);
            await DropAsync(context, cancellationToken);
            return; // the item has, or finishing will give it, a result
        }
        finally
        {
            await stopSigns.CancelAsync();
            await signs;
        }

        await PublishAsync(context, outcome, startedAt, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        stopSigns.Dispose();
        runCancelled.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync(ItemContext context, ItemOutcome outcome, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        if (await runs.IsStoppedAsync(plan.Id, cancellationToken))
        {
            Log.ItemCancelled(logger, plan.Id, item.Id);
            await DropAsync(context, cancellationToken);
            return;
        }

        BlobName logName = plan.Id.Part(item.Id, attempt, ".log.gz");
        await store.PutAsync(logName, context.Log.Complete(), PutCondition.Always, cancellationToken);
        ItemResult result = new()
        {
            Item = item.Id,
            Worker = worker.ToString(),
            StartedAt = startedAt,
            CompletedAt = time.GetUtcNow(),
            Succeeded = true,
            Errors = context.Log.Errors,
            Warnings = context.Log.Warnings,
            ItemCount = outcome.ItemCount,
            BytesDone = context.Progress.BytesDone,
            Log = logName.ToString(),
            Output = outcome.Output,
        };
        if (await claims.TryWriteResultAsync(plan.Id, result, cancellationToken))
        {
            Log.ItemDone(logger, plan.Id, item.Id, outcome.ItemCount, result.Errors.Count, result.Warnings.Count);
            return;
        }

        // A put that was repeated after a lost answer finds its own result: then nothing may be dropped.
        ItemResult? winner = await runs.TryReadResultAsync(plan.Id, item.Id, cancellationToken);
        if (winner?.Log == result.Log) // named after the attempt
        {
            return;
        }

        Log.ItemLostRace(logger, plan.Id, item.Id);
        await DropAsync(context, cancellationToken);
    }

    /// <summary>Takes back what was made of the item. The run may be over, so that nobody else would clear it away.</summary>
    private async Task DropAsync(ItemContext context, CancellationToken cancellationToken)
    {
        await executor.DiscardAsync(plan, item, context, cancellationToken);
        await runs.RemovePartsAsync(plan.Id, item.Id, attempt, cancellationToken);
        await LeaveAsync();
    }

    /// <summary>
    /// Takes the sign of life back when the item was not done. Left there, it would make another worker that gets the message
    /// again believe that this one is still at it, and drop the message: an item that always fails would never be given up.
    /// </summary>
    private async Task LeaveAsync()
    {
        using CancellationTokenSource limit = new(LeaveLimit, time);
        try
        {
            await runs.RemoveProgressAsync(plan.Id, item.Id, limit.Token);
        }
        catch (Exception e) when (e is BackupException or OperationCanceledException)
        {
            Log.SignFailed(logger, plan.Id, item.Id, e);
        }
    }

    /// <summary>Writes progress and looks for cancellation until stopped. Its own failures only cost the sign, never the work.</summary>
    private async Task GiveSignsOfLifeAsync(ItemContext context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopSigns.Token);
        using PeriodicTimer timer = new(options.ProgressInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(linked.Token))
            {
                try
                {
                    // A result by another worker ends this one's turn too: a volume must not be written to once its workload may run.
                    if (await runs.IsStoppedAsync(plan.Id, linked.Token) || await runs.HasResultAsync(plan.Id, item.Id, linked.Token))
                    {
                        await runCancelled.CancelAsync();
                        return;
                    }

                    await runs.WriteProgressAsync(plan.Id, item.Id, context.Progress, linked.Token);
                }
                catch (BackupException e)
                {
                    Log.SignFailed(logger, plan.Id, item.Id, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return; // the item has ended
        }
    }
}
