using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Work;

/// <summary>Finds the items of one unfinished run that nobody works on, and sends their messages again.</summary>
internal sealed class RunSweep(RunStore runs, IWorkQueue queue, StoreClock clock, WorkOptions options, ILogger logger)
{
    private static readonly TimeSpan OrphanMarkerAge = TimeSpan.FromHours(1);

    /// <summary>A claim that never got its plan: its writer died in between, or lost the claim to a run that has ended since.</summary>
    public async Task DropOrphanMarkerAsync(RunId run, DateTimeOffset markedAt, CancellationToken cancellationToken)
    {
        if (await clock.NowAsync(cancellationToken) - markedAt > OrphanMarkerAge)
        {
            await runs.RemoveMarkerAsync(run, cancellationToken);
        }
    }

    /// <returns>Items that must be given up: worker after worker died of them.</returns>
    public async Task<IReadOnlyList<PlanItem>> ResendStalledAsync(Plan plan, CancellationToken cancellationToken)
    {
        List<PlanItem> deadly = [];
        HashSet<string> finished = await runs.ListFinishedItemsAsync(plan.Id, cancellationToken);
        int? stage = plan.Items.Where(item => !finished.Contains(item.Id)).Select(item => (int?)item.Stage).Min();
        if (stage is null || await runs.StageSentAtAsync(plan.Id, stage.Value, cancellationToken) is not { } sentAt)
        {
            return deadly;
        }

        DateTimeOffset now = await clock.NowAsync(cancellationToken);
        foreach (PlanItem item in plan.Items.Where(item => item.Stage == stage && !finished.Contains(item.Id)))
        {
            (ResentNote note, DateTimeOffset? resentAt) = await runs.ReadResentAsync(plan.Id, item.Id, cancellationToken);
            DateTimeOffset? progressAt = (await runs.TryReadProgressAsync(plan.Id, item.Id, cancellationToken))?.At;
            if (now < DueAt(sentAt, progressAt, resentAt, note.Count))
            {
                continue;
            }

            int deaths = note.Deaths + (IsBegun(sentAt, progressAt, resentAt) ? 1 : 0);
            if (deaths >= options.MaxWorkerDeaths)
            {
                deadly.Add(item);
            }
            else
            {
                Log.ItemResent(logger, plan.Id, item.Id, note.Count + 1);
                await queue.SendAsync(new QueueName(item.Queue), new WorkMessage { Run = plan.Run == RunKind.Backup ? "backup" : "restore", Name = plan.Name, Item = item.Id }, cancellationToken);
                await runs.WriteResentAsync(plan.Id, item.Id, new ResentNote(note.Count + 1, deaths), cancellationToken);
            }
        }

        return deadly;
    }

    /// <summary>
    /// When an item counts as left alone. One that somebody began is taken over a stall time after the last sign of life; one that
    /// nobody began may merely wait for a free worker, so the pauses between its messages double.
    /// </summary>
    internal DateTimeOffset DueAt(DateTimeOffset sentAt, DateTimeOffset? progressAt, DateTimeOffset? resentAt, int resentCount)
    {
        if (IsBegun(sentAt, progressAt, resentAt))
        {
            return progressAt!.Value + options.StallAfter; // begun means that there is progress
        }

        const int MaxDoublings = 16;
        TimeSpan pause = options.StallAfter * (1L << Math.Min(resentCount, MaxDoublings));
        return (resentAt ?? sentAt) + (pause < options.MaxResendPause ? pause : options.MaxResendPause);
    }

    /// <summary>Whether somebody began the item since its message was last sent.</summary>
    private static bool IsBegun(DateTimeOffset sentAt, DateTimeOffset? progressAt, DateTimeOffset? resentAt) =>
        progressAt is { } seen && seen >= (resentAt ?? sentAt);
}
