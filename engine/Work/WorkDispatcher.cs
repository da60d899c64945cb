using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// Runs the fan-out protocol: claims a run and sends its first messages, does the item of a message, and moves the run on when its
/// results allow it. All state lies in the bucket, so any number of these may work on the same run.
/// </summary>
public sealed class WorkDispatcher : IDisposable
{
    private readonly IBlobStore store;
    private readonly RunStore runs;
    private readonly RunClaims claims;
    private readonly IWorkQueue queue;
    private readonly Dictionary<RunKind, IRunExecutor> executors;
    private readonly WorkOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly StoreClock clock;
    private readonly PlanCache plans;

    public WorkDispatcher(
        IBlobStore store, IWorkQueue queue, IReadOnlyList<IRunExecutor> executors, WorkerId worker, WorkOptions options, TimeProvider time, ILogger logger)
    {
        this.store = store;
        this.queue = queue;
        this.executors = executors.ToDictionary(executor => executor.Kind);
        this.options = options;
        this.time = time;
        this.logger = logger;
        Worker = worker;
        runs = new RunStore(store);
        claims = new RunClaims(store, this.executors, worker, time);
        clock = new StoreClock(store, worker, time);
        plans = new PlanCache(runs);
    }

    /// <summary>The process this dispatcher works for.</summary>
    public WorkerId Worker { get; }

    /// <summary>Claims the run and sends the messages of its first stage.</summary>
    /// <exception cref="BackupException">AlreadyExists when a run of this name is published or under way.</exception>
    public async Task SubmitAsync(Plan plan, CancellationToken cancellationToken)
    {
        await ThrowIfPublishedAsync(plan.Id, cancellationToken);
        if (!await claims.TryClaimAsync(plan, cancellationToken))
        {
            throw UnderWay(plan.Id);
        }

        // The run of this name may have ended between the first look and the claim: its claim was then free again.
        try
        {
            await ThrowIfPublishedAsync(plan.Id, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            await runs.RemoveWorkAsync(plan.Id, cancellationToken);
            throw;
        }

        Log.RunClaimed(logger, plan.Id, plan.Items.Count);
        await AdvanceAsync(plan, cancellationToken);
    }

    /// <summary>Refuses a name early, before the work of planning. <see cref="SubmitAsync"/> decides in the end.</summary>
    /// <exception cref="BackupException">AlreadyExists when a run of this name is published or under way.</exception>
    public async Task ThrowIfTakenAsync(RunId run, CancellationToken cancellationToken)
    {
        await ThrowIfPublishedAsync(run, cancellationToken);
        if (await runs.PlanWrittenAtAsync(run, cancellationToken) is not null)
        {
            throw UnderWay(run);
        }
    }

    /// <summary>Asks the workers of a run to stop. The run then ends as Failed with the reason.</summary>
    /// <exception cref="BackupException">NotFound when no such run is under way.</exception>
    public async Task CancelAsync(RunId run, CancellationToken cancellationToken)
    {
        Plan plan = await runs.TryReadPlanAsync(run, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"No {run} is under way.", "Only runs that have not ended can be cancelled.");
        await runs.CancelAsync(run, cancellationToken);
        await SendFinishAsync(plan, cancellationToken);
    }

    /// <summary>Does what a message says. Returns when it is done, or needs no doing any more.</summary>
    /// <exception cref="BackupException">The item could not be done now; the message may be delivered again.</exception>
    public async Task HandleAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        RunId run = RunOf(message);
        if (await plans.TryGetAsync(run, cancellationToken) is not { } plan)
        {
            Log.MessageWithoutPlan(logger, run, message.Item ?? "-");
            return;
        }

        if (message.Item is null)
        {
            await FinishAsync(plan, cancellationToken);
            return;
        }

        PlanItem item = plan.Items.FirstOrDefault(candidate => candidate.Id == message.Item)
            ?? throw new BackupException(ErrorKind.InvalidInput, $"The plan of {run} has no item {message.Item}.", "The message belongs to another run of the same name; drop it.");
        HashSet<string> finished = await runs.ListFinishedItemsAsync(run, cancellationToken);
        if (!finished.Contains(item.Id))
        {
            if (await claims.IsOverAsync(run, cancellationToken))
            {
                return; // its result was there, and is being cleared away
            }

            if (await IsOtherWorkerBusyAsync(run, item.Id, cancellationToken))
            {
                Log.ItemBusy(logger, run, item.Id);
                return;
            }

            await DoItemAsync(plan, item, finished, cancellationToken);
            if (await runs.PlanWrittenAtAsync(run, cancellationToken) is null)
            {
                return; // the run ended meanwhile; moving it on would write into its cleared folder
            }
        }

        await AdvanceAsync(plan, cancellationToken);
    }

    /// <summary>
    /// Gives up on a message that failed too often: its item gets a failed result, so that the run ends and says so.
    /// </summary>
    public async Task HandlePoisonAsync(WorkMessage message, string error, CancellationToken cancellationToken)
    {
        RunId run = RunOf(message);
        if (await plans.TryGetAsync(run, cancellationToken) is not { } plan)
        {
            Log.MessageWithoutPlan(logger, run, message.Item ?? "-");
            return;
        }

        if (message.Item is null)
        {
            await FinishOrAbandonAsync(plan, cancellationToken);
            return;
        }

        if (plan.Items.All(candidate => candidate.Id != message.Item))
        {
            Log.PoisonDropped(logger, run, message.Item, error);
            return;
        }

        PlanItem item = plan.Items.First(candidate => candidate.Id == message.Item);
        DateTimeOffset now = time.GetUtcNow();
        ItemFailure failure = new(item.Namespace, null, item.Name, $"{item.Kind} could not be done: {error}");
        ItemResult result = new()
        {
            Item = item.Id,
            Worker = Worker.ToString(),
            StartedAt = now,
            CompletedAt = now,
            Succeeded = false,
            Errors = [failure],
        };
        await claims.TryWriteResultAsync(run, result, cancellationToken);
        await AdvanceAsync(plan, cancellationToken);
    }

    /// <summary>
    /// Looks at every unfinished run: sends messages of items that nobody works on again, finishes what is complete, and clears up
    /// after runs that were published. To be called about once a minute, by anybody, as often as they like.
    /// </summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        RunSweep sweep = new(runs, queue, clock, options, logger);
        await foreach ((RunId run, DateTimeOffset markedAt) in runs.ListMarkedAsync(cancellationToken))
        {
            try
            {
                if (await runs.TryReadPlanAsync(run, cancellationToken) is not { } plan)
                {
                    await sweep.DropOrphanMarkerAsync(run, markedAt, cancellationToken);
                }
                else if (await executors[run.Kind].IsPublishedAsync(run.Name, cancellationToken))
                {
                    await runs.RemoveWorkAsync(run, cancellationToken);
                }
                else
                {
                    await AdvanceAsync(plan, cancellationToken);
                    foreach (PlanItem deadly in await sweep.ResendStalledAsync(plan, cancellationToken))
                    {
                        await HandlePoisonAsync(
                            MessageFor(plan, deadly.Id), $"{options.MaxWorkerDeaths} workers began it and gave no more sign of life; look for kills by lack of memory", cancellationToken);
                    }
                }
            }
            catch (BackupException e)
            {
                // One damaged run must not keep the sweep from the others.
                Log.SweepFailed(logger, run, e);
            }
        }
    }

    public void Dispose() => clock.Dispose();

    private static RunId RunOf(WorkMessage message) => message.Run switch
    {
        "backup" => new RunId(RunKind.Backup, message.Name),
        "restore" => new RunId(RunKind.Restore, message.Name),
        _ => throw new BackupException(ErrorKind.InvalidInput, $"A message speaks of a run of kind '{message.Run}'.", "Drop the message; it was not written by this program."),
    };

    private static BackupException UnderWay(RunId run) =>
        new(ErrorKind.AlreadyExists, $"A {run} is under way already.", "Choose another name, or wait for it to end.");

    private async Task ThrowIfPublishedAsync(RunId run, CancellationToken cancellationToken)
    {
        if (await executors[run.Kind].IsPublishedAsync(run.Name, cancellationToken))
        {
            throw new BackupException(ErrorKind.AlreadyExists, $"A {run} exists already in object storage.", "Choose another name, or delete the old one first.");
        }
    }

    private async Task DoItemAsync(Plan plan, PlanItem item, HashSet<string> finished, CancellationToken cancellationToken)
    {
        if (plan.Items.Any(other => other.Stage < item.Stage && !finished.Contains(other.Id)))
        {
            return; // too early: the message is sent when the stages before are done
        }

        await using ItemRun itemRun = new(store, runs, claims, plan, item, executors[plan.Run], Worker, options, time, logger);
        await itemRun.RunAsync(cancellationToken);
    }

    private async Task<bool> IsOtherWorkerBusyAsync(RunId run, string item, CancellationToken cancellationToken)
    {
        if (await runs.TryReadProgressAsync(run, item, cancellationToken) is not { } seen || seen.Progress.Worker == Worker.ToString())
        {
            return false;
        }

        return await clock.NowAsync(cancellationToken) - seen.At < options.StallAfter;
    }

    /// <summary>Sends the messages of the next stage whose turn has come, or the finishing message.</summary>
    private async Task AdvanceAsync(Plan plan, CancellationToken cancellationToken)
    {
        HashSet<string> finished = await runs.ListFinishedItemsAsync(plan.Id, cancellationToken);
        int? open = plan.Items.Where(item => !finished.Contains(item.Id)).Select(item => (int?)item.Stage).Min();
        if (open is not { } stage || await runs.IsCancelledAsync(plan.Id, cancellationToken))
        {
            await SendFinishAsync(plan, cancellationToken);
            return;
        }

        if (await claims.TryClaimStageAsync(plan.Id, stage, cancellationToken))
        {
            Log.StageStarted(logger, plan.Id, stage);
            foreach (PlanItem item in plan.Items.Where(item => item.Stage == stage && !finished.Contains(item.Id)))
            {
                await queue.SendAsync(new QueueName(item.Queue), MessageFor(plan, item.Id), cancellationToken);
            }
        }
    }

    private static WorkMessage MessageFor(Plan plan, string? item) =>
        new() { Run = plan.Run == RunKind.Backup ? "backup" : "restore", Name = plan.Name, Item = item };

    private Task SendFinishAsync(Plan plan, CancellationToken cancellationToken) =>
        queue.SendAsync(plan.Run == RunKind.Backup ? QueueName.BackupFinish : QueueName.RestoreSteps, MessageFor(plan, item: null), cancellationToken);

    private FinishRun Finisher(Plan plan) => new(runs, plan, executors[plan.Run], Worker, options, time, logger);

    /// <summary>
    /// Ends a run whose finishing failed too often: tries once more, and when that fails for good, publishes it as Failed with the
    /// reason. While the store does not answer, the sweep goes on asking.
    /// </summary>
    private async Task FinishOrAbandonAsync(Plan plan, CancellationToken cancellationToken)
    {
        try
        {
            await FinishAsync(plan, cancellationToken);
        }
        catch (BackupException e) when (!e.IsTransient)
        {
            Log.RunAbandoned(logger, plan.Id, e);
            IReadOnlyList<ItemResult> results = await Finisher(plan).SalvageResultsAsync(cancellationToken);
            await Finisher(plan).PublishAsync(new RunResults(results, Cancelled: false, $"it could not be published: {e.Message}"), cancellationToken);
            await runs.RemoveWorkAsync(plan.Id, cancellationToken);
            plans.Forget(plan.Id);
        }
    }

    private async Task FinishAsync(Plan plan, CancellationToken cancellationToken)
    {
        IRunExecutor executor = executors[plan.Run];
        if (!await executor.IsPublishedAsync(plan.Name, cancellationToken))
        {
            bool cancelled = await runs.IsCancelledAsync(plan.Id, cancellationToken);
            HashSet<string> finished = await runs.ListFinishedItemsAsync(plan.Id, cancellationToken);
            if (!cancelled && plan.Items.Any(item => !finished.Contains(item.Id)))
            {
                return; // a finishing message that came too early; another one follows the last result
            }

            if (await IsOtherWorkerBusyAsync(plan.Id, FinishRun.SignName, cancellationToken))
            {
                Log.ItemBusy(logger, plan.Id, FinishRun.SignName);
                return;
            }

            if (cancelled)
            {
                await CloseOpenItemsAsync(plan, finished, cancellationToken);
            }

            try
            {
                IReadOnlyList<ItemResult> results = await runs.ReadResultsAsync(plan.Id, plan.Items, options.ReadConcurrency, cancellationToken);
                await Finisher(plan).PublishAsync(new RunResults(results, cancelled, Failure: null), cancellationToken);
            }
            catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
            {
                // Another finisher may have published the run since the look above: it then clears away what this one reads.
                if (!await executor.IsPublishedAsync(plan.Name, cancellationToken))
                {
                    throw;
                }
            }
        }

        await runs.RemoveWorkAsync(plan.Id, cancellationToken);
        plans.Forget(plan.Id);
    }

    /// <summary>
    /// Gives the items of a cancelled run that have no result one that says so. A worker still at such an item loses the race for
    /// the result and drops what it made.
    /// </summary>
    private async Task CloseOpenItemsAsync(Plan plan, HashSet<string> finished, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (PlanItem item in plan.Items.Where(item => !finished.Contains(item.Id)))
        {
            ItemResult result = new() { Item = item.Id, Worker = Worker.ToString(), StartedAt = now, CompletedAt = now, Succeeded = false };
            await claims.TryWriteResultAsync(plan.Id, result, cancellationToken);
        }
    }
}
