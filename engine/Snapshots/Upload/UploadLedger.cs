using BackupFunctions.Engine.Files;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>Counters and problems of one upload, fed by all workers.</summary>
internal sealed class UploadLedger(bool failFast, IProgress<UploadProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new(); // guards the two lists
    private readonly List<PathProblem> _failures = [];
    private readonly List<PathProblem> _warnings = [];
    private long _readFiles;
    private long _reusedFiles;
    private long _directories;
    private long _readBytes;
    private long _reusedBytes;
    private long _failureCount;
    private long _sockets;
    private long _lastReport = time.GetTimestamp();

    public long FailureCount => Interlocked.Read(ref _failureCount);

    public long Sockets => Interlocked.Read(ref _sockets);

    public UploadProgress Current => new(
        Interlocked.Read(ref _readFiles),
        Interlocked.Read(ref _reusedFiles),
        Interlocked.Read(ref _directories),
        Interlocked.Read(ref _readBytes),
        Interlocked.Read(ref _reusedBytes),
        FailureCount);

    public void AddReadBytes(long bytes)
    {
        Interlocked.Add(ref _readBytes, bytes);
        Report(isLast: false);
    }

    public void AddReadFile()
    {
        Interlocked.Increment(ref _readFiles);
        Report(isLast: false);
    }

    public void AddReusedFile(long bytes)
    {
        Interlocked.Increment(ref _reusedFiles);
        Interlocked.Add(ref _reusedBytes, bytes);
        Report(isLast: false);
    }

    public void AddDirectory() => Interlocked.Increment(ref _directories);

    public void AddSocket() => Interlocked.Increment(ref _sockets);

    /// <summary>Notes an entry that could not be read, or throws when the first failure is to end the upload.</summary>
    public PathProblem AddFailure(string path, FileSystemException error)
    {
        if (failFast)
        {
            throw error;
        }

        Interlocked.Increment(ref _failureCount);
        PathProblem problem = new(path, error.Message);
        Add(_failures, problem);
        return problem;
    }

    public void AddWarning(string path, string message) => Add(_warnings, new PathProblem(path, message));

    public (IReadOnlyList<PathProblem> Failures, IReadOnlyList<PathProblem> Warnings) TakeProblems()
    {
        Report(isLast: true);
        lock (_lock)
        {
            return (
                [.. _failures.OrderBy(problem => problem.Path, StringComparer.Ordinal)],
                [.. _warnings.OrderBy(problem => problem.Path, StringComparer.Ordinal)]);
        }
    }

    private void Add(List<PathProblem> problems, PathProblem problem)
    {
        lock (_lock)
        {
            if (problems.Count < TreeUploadResult.MaxProblems)
            {
                problems.Add(problem);
            }
        }
    }

    private void Report(bool isLast)
    {
        if (progress is null)
        {
            return;
        }

        long last = Interlocked.Read(ref _lastReport);
        bool isDue = time.GetElapsedTime(last) >= ReportInterval
            && Interlocked.CompareExchange(ref _lastReport, time.GetTimestamp(), last) == last;
        if (isDue || isLast)
        {
            progress.Report(Current);
        }
    }
}
