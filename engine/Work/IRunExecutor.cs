namespace BackupFunctions.Engine.Work;

/// <summary>What a kind of run does in its items and at its end. Backups and restores each have one.</summary>
public interface IRunExecutor
{
    RunKind Kind { get; }

    /// <summary>
    /// Does one item. Single objects that fail are recorded in the context; an exception means that the whole item could not be
    /// done and may be tried again.
    /// </summary>
    Task<ItemOutcome> ExecuteAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Undoes what this worker made of an item outside its own parts (a volume's snapshot): another worker's result came first, or
    /// the run has ended. It may have ended with this worker's result: what a published run refers to stays.
    /// </summary>
    Task DiscardAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the run from its results. May run more than once and in two places at once; the last blob of the published run is
    /// written with If-None-Match.
    /// </summary>
    Task FinishAsync(Plan plan, RunResults results, CancellationToken cancellationToken);

    /// <summary>Whether the run's last blob exists, so that nothing but its leftovers in the work folder remains.</summary>
    Task<bool> IsPublishedAsync(string name, CancellationToken cancellationToken);
}
