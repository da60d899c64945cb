namespace BackupFunctions.Engine.Work;

/// <summary>All results of a run, in the order of the plan's items.</summary>
/// <param name="Items">One result for each item of the plan.</param>
/// <param name="Cancelled">Whether somebody asked to cancel the run.</param>
public sealed record RunResults(IReadOnlyList<ItemResult> Items, bool Cancelled);
