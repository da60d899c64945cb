namespace BackupFunctions.Engine.Repository;

/// <summary>One number of a task's report.</summary>
/// <param name="Name">What was counted, in Kopia's words where it has some (<c>deletedPack</c>, <c>inUseContent</c>).</param>
/// <param name="Count">How many.</param>
/// <param name="Bytes">Their stored length together; null when it means nothing.</param>
public sealed record MaintenanceFigure(string Name, long Count, long? Bytes = null);
