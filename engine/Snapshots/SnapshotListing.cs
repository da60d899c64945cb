namespace BackupFunctions.Engine.Snapshots;

/// <summary>What <see cref="SnapshotCatalog"/> found.</summary>
/// <param name="Snapshots">Oldest first, incomplete ones included.</param>
/// <param name="Unreadable">Manifest entries (by id) with the label of a snapshot that cannot be read as one, and blobs without which there may be more snapshots than these.</param>
public sealed record SnapshotListing(IReadOnlyList<TreeSnapshot> Snapshots, IReadOnlyList<PathProblem> Unreadable);
