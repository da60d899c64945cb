namespace BackupFunctions.Engine.Repository;

/// <summary>How an open repository behaves.</summary>
public sealed record RepositoryOptions
{
    /// <summary>User name in session markers; Velero's by default. Not empty.</summary>
    public string UserName { get; init; } = "default";

    /// <summary>Host name in session markers; Velero's by default. Not empty.</summary>
    public string HostName { get; init; } = "default";

    /// <summary>How old the view of the indexes may become before a writer loads it again. At most 20 minutes: garbage collection counts on it.</summary>
    public TimeSpan IndexRefresh { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a write session keeps the index entries of uploaded packs before it puts them without being asked. 10 minutes as Kopia.</summary>
    public TimeSpan IndexFlush { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Index entries that a write session holds in memory before it puts them without being asked; about 300 bytes each.</summary>
    public int MaxPendingEntries { get; init; } = 65_536;

    /// <summary>Contents hashed and encrypted at a time per write session; each holds up to one chunk (8 MiB with the default splitter). At least 1.</summary>
    public int Concurrency { get; init; } = 5;

    /// <summary>Packs per write session that are open or being uploaded; where the store takes blobs whole only, each is in memory. At least 3.</summary>
    public int MaxPacksInMemory { get; init; } = 4;

    /// <summary>Blobs read at a time while indexes and manifests are loaded. At least 1.</summary>
    public int LoadParallelism { get; init; } = 8;

    /// <summary>Contents that an opened object reads ahead, each twice in memory while it is decrypted. At least 1.</summary>
    public int ReadAhead { get; init; } = 2;

    /// <summary>Memory for stored bytes of packs that were read and may be wanted again.</summary>
    public long ReadCacheBytes { get; init; } = 32L << 20;

    /// <summary>
    /// A folder of our own (absolute path) that keeps decrypted indexes from one opening to the next; they hold hashes and sizes, no names and
    /// no data. Several processes and repositories may share it. Null for none.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// A folder (absolute path) for nameless files with indexes that are too large for memory, when there is no <see cref="CacheFolder"/>.
    /// Null for none: all indexes are in memory then.
    /// </summary>
    public string? ScratchFolder { get; init; }

    /// <summary>Closes packs earlier than the repository says, so that tests need little data.</summary>
    internal int? ClosePackAtBytes { get; init; }

    /// <summary>All that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (string.IsNullOrEmpty(UserName) || string.IsNullOrEmpty(HostName))
        {
            problems.Add("user name and host name must not be empty");
        }

        if (IndexRefresh <= TimeSpan.Zero || IndexRefresh > TimeSpan.FromMinutes(20))
        {
            problems.Add($"an index refresh of {IndexRefresh} is not within 0 to 20 minutes");
        }

        if (Concurrency < 1 || LoadParallelism < 1 || ReadAhead < 1)
        {
            problems.Add("concurrency, load parallelism and read-ahead must be at least 1");
        }

        if (MaxPacksInMemory < 3)
        {
            problems.Add($"{MaxPacksInMemory} pack buffers are too few: two are open and one is uploaded, so at least 3");
        }

        if (MaxPendingEntries < 1 || IndexFlush <= TimeSpan.Zero || ReadCacheBytes < 0)
        {
            problems.Add("pending entries and index flush must be positive, the read cache not negative");
        }

        if ((CacheFolder is not null && !Path.IsPathFullyQualified(CacheFolder)) || (ScratchFolder is not null && !Path.IsPathFullyQualified(ScratchFolder)))
        {
            problems.Add("the folders for the cache and for scratch files must be absolute paths");
        }

        return problems;
    }
}
