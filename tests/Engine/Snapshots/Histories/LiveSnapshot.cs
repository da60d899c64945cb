namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>What a snapshot must restore to: of which source it is, and the description of the tree at that time.</summary>
internal sealed record LiveSnapshot(int Source, SortedDictionary<string, string> Tree);
