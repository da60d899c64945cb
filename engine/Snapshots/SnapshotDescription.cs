namespace BackupFunctions.Engine.Snapshots;

/// <summary>What a new snapshot says of itself besides its tree.</summary>
/// <param name="Source">What it is taken of.</param>
/// <param name="Text">For people.</param>
/// <param name="Tags">Found by these too; not named <c>type</c>, <c>hostname</c>, <c>username</c> or <c>path</c>.</param>
/// <param name="Pins">Reasons to keep it whatever the policy says.</param>
public sealed record SnapshotDescription(
    SnapshotSource Source, string Text, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Pins);
