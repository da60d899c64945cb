namespace BackupFunctions.Engine.Snapshots;

/// <summary>Something wrong with one path of a tree while the rest goes on.</summary>
/// <param name="Path">Relative to the root of the tree; "" for the root itself.</param>
/// <param name="Message">What happened, for people.</param>
public sealed record PathProblem(string Path, string Message);
