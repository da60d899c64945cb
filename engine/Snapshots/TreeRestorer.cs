using System.Text;
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

    /// <summary>
    /// Restores what is in the directory <paramref name="root"/> (a snapshot's root or any directory below it) into the target, which is
    /// made if it is not there; or restores the file or symbolic link <paramref name="root"/> as the target.
    /// </summary>
    /// <param name="target">An absolute path.</param>
    /// <param name="progress">Told twice a second and at the end.</param>
    public async Task<TreeRestoreResult> RestoreAsync(
        DirectoryEntry root, string target, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        RestorePath? file = root.Kind == EntryKind.Directory ? null : new RestorePath(null, NameOf(target));
        using DirectoryHandle directory = OpenTarget(file is null ? target : Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(target)) ?? "/");
        using SharedWorkers workers = new(_options.Parallelism, cancellationToken);
        RestoreLedger ledger = new(progress, _time);
        RestoreRun run = new(_repository, directory, _options, ledger, workers);
        await workers.RunAsync(() => file is null
            ? run.RestoreDirectoryAsync(directory, null, root, depth: 0)
            : run.RestoreEntryAsync(directory, file, root));
        if (_options.Sync)
        {
            directory.Sync();
        }

        return ledger.Finish();
    }

    private static FileName NameOf(string target) =>
        FileName.TryCreate(Encoding.UTF8.GetBytes(Path.GetFileName(Path.TrimEndingDirectorySeparator(target))), out FileName name)
            ? name
            : throw new BackupException(ErrorKind.InvalidInput, $"'{target}' cannot be the path of a file.", "Name the file that is to be written.");

    private static DirectoryHandle OpenTarget(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ErrorKind.AccessDenied, $"Cannot create the directory '{path}': {error.Message}", "Name a directory that can be written.", error);
        }

        return DirectoryHandle.Open(path);
    }
}
