using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Upload;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Uploads file trees. Files that did not change since a previous snapshot are not opened. The finished part of a long upload is
/// published from time to time as an incomplete snapshot, which protects it from garbage collection and saves the next run the work
/// if this one does not end. May be used for several uploads at once.
/// </summary>
public sealed class TreeUploader
{
    private readonly KopiaRepository _repository;
    private readonly UploadOptions _options;
    private readonly TimeProvider _time;

    public TreeUploader(KopiaRepository repository, UploadOptions options, TimeProvider time)
    {
        if (options.Validate() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        (_repository, _options, _time) = (repository, options, time);
    }

    /// <summary>
    /// Uploads the tree below <paramref name="rootPath"/>. The snapshot in the result is not put yet, and nothing but checkpoints is
    /// visible before the caller flushes the session. Entries that cannot be read are noted (or thrown, with FailFast).
    /// </summary>
    /// <param name="rootPath">An absolute path, which may lead over symbolic links.</param>
    /// <param name="rootName">Name of the root in the snapshot.</param>
    /// <param name="previous">Earlier snapshots of the same tree; the first one that has an unchanged file lends it.</param>
    /// <param name="progress">Told twice a second and at the end.</param>
    /// <exception cref="FileSystemException">The root cannot be opened or listed.</exception>
    public async Task<TreeUploadResult> UploadAsync(
        WriteSession session,
        string rootPath,
        string rootName,
        SnapshotDescription description,
        IReadOnlyList<TreeSnapshot> previous,
        IProgress<UploadProgress>? progress,
        CancellationToken cancellationToken)
    {
        UnixNanos start = Now();
        UploadLedger ledger = new(_options.FailFast, progress, _time);
        using SharedWorkers workers = new(_options.Parallelism, cancellationToken);
        using SharedWorkers largeWorkers = new(_options.LargeFileWorkers + 1, workers);
        using DirectoryHandle root = DirectoryHandle.Open(rootPath);
        FileMetadata metadata = root.GetMetadata();
        UploadRun run = new(_repository, session, _options, ledger, workers, largeWorkers, _time);
        DirectoryBuilder builder = new(UploadRun.Describe(rootName, run.RootExtras(root, metadata), metadata));
        CheckpointWriter checkpoints = new(session, builder, entry => Snapshot(description, start, entry, ledger), workers, _options.CheckpointInterval, _time);
        List<DirectoryEntry> previousRoots = [.. previous.Select(snapshot => snapshot.Root).Where(entry => entry.Kind == EntryKind.Directory)];
        DirectoryEntry rootEntry = await checkpoints.RunBesideAsync(
            () => run.UploadRootAsync(root, builder, metadata.Identity, previousRoots, workers.Token));
        checkpoints.Remove();
        (IReadOnlyList<PathProblem> failures, IReadOnlyList<PathProblem> warnings) = ledger.TakeProblems();
        return new TreeUploadResult(
            Snapshot(description, start, rootEntry, ledger), ledger.Current, failures, ledger.FailureCount, warnings, ledger.Sockets);
    }

    private TreeSnapshot Snapshot(SnapshotDescription description, UnixNanos start, DirectoryEntry root, UploadLedger ledger)
    {
        UploadProgress done = ledger.Current;
        SnapshotStatistics statistics = new(
            root.Summary?.TotalBytes ?? 0, ToCount(done.ReadFiles), ToCount(done.ReusedFiles), ToCount(done.Directories), ToCount(done.FailureCount));
        return new TreeSnapshot
        {
            Source = description.Source,
            Description = description.Text,
            StartTime = start,
            EndTime = Now(),
            Statistics = statistics,
            Root = root,
            Tags = description.Tags,
            Pins = description.Pins,
        };
    }

    private UnixNanos Now() => UnixNanos.From(_time.GetUtcNow());

    // Kopia's counters have 32 bits.
    private static int ToCount(long count) => (int)Math.Min(count, int.MaxValue);
}
