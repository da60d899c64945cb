namespace BackupFunctions.Engine.Work;

/// <summary>All results of a run, in the order of the plan's items.</summary>
/// <param name="Items">One result for each item of the plan.</param>
/// <param name="Cancelled">Whether somebody asked to cancel the run.</param>
/// <param name="Failure">
/// Why the run cannot be published as a whole (a part or a result is damaged or gone); it is then published as Failed with this
/// reason and without contents. Null otherwise.
/// </param>
public sealed record RunResults(IReadOnlyList<ItemResult> Items, bool Cancelled, string? Failure);
