namespace BackupFunctions.Engine.Snapshots;

/// <summary>How far an upload is.</summary>
/// <param name="ReadFiles">Files read.</param>
/// <param name="ReusedFiles">Files and links taken over from the previous snapshot without reading.</param>
/// <param name="Directories">Directories done.</param>
/// <param name="ReadBytes">Bytes read so far, also of files that are not done.</param>
/// <param name="ReusedBytes">Bytes of files that did not have to be read.</param>
/// <param name="FailureCount">Entries that could not be read.</param>
public readonly record struct UploadProgress(
    long ReadFiles, long ReusedFiles, long Directories, long ReadBytes, long ReusedBytes, long FailureCount);
