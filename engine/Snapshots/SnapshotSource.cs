namespace BackupFunctions.Engine.Snapshots;

/// <summary>What a snapshot was taken of. Snapshots of one source follow each other.</summary>
/// <param name="Host">Name of the host; not empty.</param>
/// <param name="UserName">Name of the user; not empty.</param>
/// <param name="Path">The path; not empty, need not exist anywhere.</param>
public sealed record SnapshotSource(string Host, string UserName, string Path)
{
    /// <summary>As Kopia shows it.</summary>
    public override string ToString() => $"{UserName}@{Host}:{Path}";
}
