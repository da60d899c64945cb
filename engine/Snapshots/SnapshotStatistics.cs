namespace BackupFunctions.Engine.Snapshots;

/// <summary>The counters in a snapshot's manifest, as Kopia defines them.</summary>
/// <param name="TotalBytes">Bytes of all files.</param>
/// <param name="ReadFiles">Files that were read.</param>
/// <param name="ReusedFiles">Files and links taken over from the previous snapshot without reading.</param>
/// <param name="Directories">Directories, with the root.</param>
/// <param name="Errors">Entries that are missing because they could not be read.</param>
public sealed record SnapshotStatistics(long TotalBytes, int ReadFiles, int ReusedFiles, int Directories, int Errors);
