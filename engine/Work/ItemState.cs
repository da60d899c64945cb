namespace BackupFunctions.Engine.Work;

/// <summary>Where one item of an unfinished run stands.</summary>
/// <param name="Item">The item.</param>
/// <param name="Result">Its result, or null while there is none.</param>
/// <param name="Progress">What its worker wrote last, or null when nobody has begun.</param>
public sealed record ItemState(PlanItem Item, ItemResult? Result, ItemProgress? Progress);
