using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots.Restore;

/// <summary>The walk of one restore: every directory is made for its owner alone, filled, and given its attributes last.</summary>
internal sealed class RestoreRun
{
    private const int MaxDepth = 2000;
    private const int MaxPending = 256;

    private readonly KopiaRepository _repository;
    private readonly TreeRestoreOptions _options;
    private readonly RestoreLedger _ledger;
    private readonly SharedWorkers _workers;
    private readonly AttributeRestorer _attributes;
    private readonly FileRestorer _files;

    public RestoreRun(
        KopiaRepository repository, DirectoryHandle target, TreeRestoreOptions options, RestoreLedger ledger, SharedWorkers workers)
    {
        (_repository, _options, _ledger, _workers) = (repository, options, ledger, workers);
        _attributes = new AttributeRestorer(ledger);
        _files = new FileRestorer(repository, target, options, ledger, _attributes, workers);
    }

    /// <summary>Whether a failure concerns one entry only: damage of its data, or the file system's refusal of this entry.</summary>
    public static bool IsOfOneEntry(BackupException error) => error switch
    {
        FileSystemException refused => !refused.IsOfWholeVolume,
        _ => error.Kind is ErrorKind.Corrupt or ErrorKind.NotFound or ErrorKind.Unsupported,
    };

    /// <summary>Fills an open directory from a directory entry and gives it the entry's attributes.</summary>
    /// <param name="path">Null for the target itself.</param>
    public async Task<bool> RestoreDirectoryAsync(DirectoryHandle directory, RestorePath? path, DirectoryEntry entry, int depth)
    {
        HashSet<FileName>? kept = _options.DeleteExtra ? [] : null;
        if (await FillAsync(directory, path, entry, kept, depth) && kept is not null)
        {
            DeleteOthers(directory, path, kept);
        }

        if (path is not null || _options.RestoreRootAttributes)
        {
            _attributes.Apply(directory, entry, path);
        }

        _ledger.Add(new RestoreProgress { Directories = 1 });
        return true;
    }

    /// <summary>Restores one entry into an open directory; false when it could not be, which is noted.</summary>
    public Task<bool> RestoreEntryAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry) =>
        AttemptAsync(path, () => RestoreEntryAsync(directory, path, entry, depth: 0));

    /// <returns>Whether the whole directory object could be read.</returns>
    private async Task<bool> FillAsync(DirectoryHandle directory, RestorePath? path, DirectoryEntry entry, HashSet<FileName>? kept, int depth)
    {
        await using OrderedWork<bool> work = new(_workers, _ => { }, MaxPending);
        try
        {
            await using DirectoryReader reader = await DirectoryReader.OpenAsync(_repository, entry.ObjectId, _workers.Token);
            while (await reader.ReadAsync(_workers.Token) is { } child)
            {
                if (!child.TryGetFileName(out FileName name))
                {
                    AddUnusableName(path, child.Name);
                    continue;
                }

                kept?.Add(name);
                RestorePath childPath = new(path, name);
                await work.AddAsync(() => AttemptAsync(childPath, () => RestoreEntryAsync(directory, childPath, child, depth)));
            }

            await work.FinishAsync();
            await RestoreSpecialsAsync(directory, path, reader.Specials, kept);
            return true;
        }
        catch (BackupException error) when (error is not FileSystemException && IsOfOneEntry(error))
        {
            // Failures of entries were noted with the entries: this is the directory's own.
            _ledger.AddProblem(RestorePath.Display(path), $"Not all entries of this directory could be read: {error.Message}");
            return false;
        }
    }

    private async Task<bool> AttemptAsync(RestorePath path, Func<Task> restore)
    {
        try
        {
            _workers.Token.ThrowIfCancellationRequested();
            await restore();
            return true;
        }
        catch (BackupException error) when (IsOfOneEntry(error))
        {
            _ledger.AddProblem(RestorePath.Display(path), error.Message);
            return false;
        }
    }

    private Task RestoreEntryAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry, int depth) => entry.Kind switch
    {
        EntryKind.Directory => RestoreChildAsync(directory, path, entry, depth + 1),
        EntryKind.Symlink => _files.RestoreSymlinkAsync(directory, path, entry),
        _ => _files.RestoreFileAsync(directory, path, entry),
    };

    private async Task RestoreChildAsync(DirectoryHandle parent, RestorePath path, DirectoryEntry entry, int depth)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            await Task.Yield(); // goes on with an empty stack
        }

        if (depth > MaxDepth)
        {
            throw new BackupException(ErrorKind.Unsupported, $"The tree is more than {MaxDepth} levels deep.", "Restore the part below this on its own.");
        }

        if (path.IsWithin(entry.ObjectId))
        {
            throw new RepositoryCorruptException($"(directory {entry.ObjectId})", null, "a directory that is not within itself", "one that is");
        }

        if (parent.TryGetMetadata(path.Name)?.Kind != FileKind.Directory)
        {
            if (!_files.TryClear(parent, path))
            {
                return;
            }

            parent.CreateDirectory(path.Name);
        }

        using DirectoryHandle directory = parent.OpenDirectory(path.Name);
        await RestoreDirectoryAsync(directory, path with { Directory = entry.ObjectId }, entry, depth);
    }

    private async Task RestoreSpecialsAsync(DirectoryHandle directory, RestorePath? path, IReadOnlyList<SpecialEntry> specials, HashSet<FileName>? kept)
    {
        foreach (SpecialEntry special in specials)
        {
            if (!special.TryGetFileName(out FileName name))
            {
                AddUnusableName(path, special.Name);
                continue;
            }

            kept?.Add(name);
            RestorePath specialPath = new(path, name);
            await AttemptAsync(specialPath, () =>
            {
                if (_files.TryClear(directory, specialPath))
                {
                    directory.CreateNode(name, special.Kind, special.DeviceMajor, special.DeviceMinor);
                    _attributes.ApplyToSpecial(directory, name, special, specialPath);
                    _ledger.Add(new RestoreProgress { Specials = 1 });
                }

                return Task.CompletedTask;
            });
        }
    }

    private void DeleteOthers(DirectoryHandle directory, RestorePath? path, HashSet<FileName> kept)
    {
        DirectoryListing listing = directory.List(_workers.Token);
        for (int i = 0; i < listing.Count; i++)
        {
            FileName name = listing.NameAt(i);
            if (kept.Contains(name))
            {
                continue;
            }

            try
            {
                if (i < listing.DirectoryCount)
                {
                    directory.RemoveTree(name, _workers.Token);
                }
                else
                {
                    directory.Remove(name);
                }

                _ledger.Add(new RestoreProgress { Deleted = 1 });
            }
            catch (FileSystemException error) when (IsOfOneEntry(error))
            {
                _ledger.AddProblem(RestorePath.Display(new RestorePath(path, name)), error.Message);
            }
        }
    }

    private void AddUnusableName(RestorePath? path, string name) =>
        _ledger.AddProblem(RestorePath.Display(path), $"The entry '{name}' is left out: this cannot be the name of a file.");
}
