namespace BackupFunctions.Engine.Snapshots.Restore;

/// <summary>Counters and problems of one restore, fed by all workers.</summary>
internal sealed class RestoreLedger(IProgress<RestoreProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new(); // guards all fields below
    private readonly List<PathProblem> _problems = [];
    private readonly List<PathProblem> _warnings = [];
    private RestoreProgress _done;
    private long _warningCount;
    private long _lastReport = time.GetTimestamp();

    public void Add(RestoreProgress more)
    {
        RestoreProgress? report = null;
        lock (_lock)
        {
            _done = new RestoreProgress(
                _done.Files + more.Files,
                _done.Bytes + more.Bytes,
                _done.Directories + more.Directories,
                _done.Symlinks + more.Symlinks,
                _done.HardLinks + more.HardLinks,
                _done.Specials + more.Specials,
                _done.Skipped + more.Skipped,
                _done.Deleted + more.Deleted,
                _done.ProblemCount + more.ProblemCount);
            if (progress is not null && time.GetElapsedTime(_lastReport) >= ReportInterval)
            {
                _lastReport = time.GetTimestamp();
                report = _done;
            }
        }

        if (report is { } due)
        {
            progress?.Report(due);
        }
    }

    public void AddProblem(string path, string message)
    {
        Add(new RestoreProgress { ProblemCount = 1 });
        Note(_problems, path, message);
    }

    public void AddWarning(string path, string message)
    {
        Interlocked.Increment(ref _warningCount);
        Note(_warnings, path, message);
    }

    public TreeRestoreResult Finish()
    {
        lock (_lock)
        {
            progress?.Report(_done);
            return new TreeRestoreResult(
                _done,
                [.. _problems.OrderBy(problem => problem.Path, StringComparer.Ordinal)],
                [.. _warnings.OrderBy(problem => problem.Path, StringComparer.Ordinal)],
                Interlocked.Read(ref _warningCount));
        }
    }

    private void Note(List<PathProblem> problems, string path, string message)
    {
        lock (_lock)
        {
            if (problems.Count < TreeRestoreResult.MaxProblems)
            {
                problems.Add(new PathProblem(path, message));
            }
        }
    }
}
