using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Restore;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Restores trees. What cannot be restored is noted and the rest goes on; a failure of the store, a full or read-only volume ends
/// the restore. Nothing outside of the target is touched, whatever the snapshot says. May be used for several restores at once.
/// </summary>
public sealed class TreeRestorer
{
    private readonly KopiaRepository _repository;
    private readonly TreeRestoreOptions _options;
    private readonly TimeProvider _time;

    public TreeRestorer(KopiaRepository repository, TreeRestoreOptions options, TimeProvider time)
    {
        if (options.Validate() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        (_repository, _options, _time) = (repository, options, time);
    }

    /// <summary>Restores what is in the directory <paramref name="root"/> (a snapshot's root or any directory below it) into the target, which is made if it is not there.</summary>
    /// <param name="targetRoot">An absolute path.</param>
    /// <param name="progress">Told twice a second and at the end.</param>
    public async Task<TreeRestoreResult> RestoreAsync(
        DirectoryEntry root, string targetRoot, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        if (root.Kind != EntryKind.Directory)
        {
            throw new BackupException(ErrorKind.Unsupported, $"'{root.Name}' is not a directory.", "Restore the directory that holds it.");
        }

        try
        {
            Directory.CreateDirectory(targetRoot);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorKind.AccessDenied, $"Cannot create the directory '{targetRoot}': {error.Message}", "Name a directory that can be written.", error);
        }

        using DirectoryHandle target = DirectoryHandle.Open(targetRoot);
        using SharedWorkers workers = new(_options.Parallelism, cancellationToken);
        RestoreLedger ledger = new(progress, _time);
        RestoreRun run = new(_repository, target, _options, ledger, workers);
        await workers.RunAsync(() => run.RestoreDirectoryAsync(target, null, root, depth: 0));
        if (_options.Sync)
        {
            target.Sync();
        }

        return ledger.Finish();
    }
}
