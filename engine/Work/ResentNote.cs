namespace BackupFunctions.Engine.Work;

/// <summary>What the sweep remembers of an item whose message it sent again.</summary>
/// <param name="Count">How often it was sent again.</param>
/// <param name="Deaths">How often a worker had begun the item and then gave no more sign of life.</param>
public sealed record ResentNote(int Count, int Deaths);
