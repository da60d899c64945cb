namespace BackupFunctions.Engine.Snapshots;

/// <summary>How a tree is uploaded.</summary>
public sealed record UploadOptions
{
    /// <summary>Directories and runs of small files read at a time. At least 1.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>
    /// Further workers, for files above 128 KiB only. With them more files are read than there are processors, because each waits for its
    /// contents to be hashed, which is done for four at once. At least 0.
    /// </summary>
    public int LargeFileWorkers { get; init; } = 1;

    /// <summary>Files longer than this are cut into parts of exactly this length, each read on its own. Kopia and Velero use 2 GiB too, so that both deduplicate.</summary>
    public long PartBytes { get; init; } = 2L << 30;

    /// <summary>How often the finished part of the tree is published. At most 45 minutes: garbage collection counts on it.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(40);

    /// <summary>Whether the first file that cannot be read ends the upload, as with Velero; else it is noted and left out.</summary>
    public bool FailFast { get; init; }

    /// <summary>Whether extended attributes and access control lists are kept.</summary>
    public bool KeepExtendedAttributes { get; init; } = true;

    /// <summary>
    /// Which files are compressed, and how. Null, the default: what the repository's policies say where a whole snapshot is taken
    /// (<see cref="TreeBackup"/>), else none, as Velero has it. Whatever it is, equal bytes deduplicate; in repositories with index
    /// version 1 only those that were compressed alike.
    /// </summary>
    public FileCompression? Compression { get; init; }

    /// <summary>All that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (Parallelism is < 1 or > 1024 || LargeFileWorkers is < 0 or > 1024)
        {
            problems.Add($"a parallelism of {Parallelism}, and {LargeFileWorkers} workers for large files, are not within 1 to 1024");
        }

        if (PartBytes < 1 << 20)
        {
            problems.Add($"parts of {PartBytes} bytes are too small; at least 1 MiB");
        }

        if (CheckpointInterval <= TimeSpan.Zero || CheckpointInterval > TimeSpan.FromMinutes(45))
        {
            problems.Add($"a checkpoint interval of {CheckpointInterval} is not within 0 to 45 minutes");
        }

        return problems;
    }
}
