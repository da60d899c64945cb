using System.Collections.Concurrent;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Restore;

/// <summary>Restores files (as hard links to each other where they were) and symbolic links.</summary>
internal sealed class FileRestorer(
    KopiaRepository repository, DirectoryHandle target, TreeRestoreOptions options, RestoreLedger ledger, AttributeRestorer attributes, SharedWorkers workers)
{
    private const int MaxPendingChunks = 64;
    private const int MaxSymlinkBytes = 4095;

    // The first of each group of hard links; others wait until it is written.
    private readonly ConcurrentDictionary<(string Group, ObjectId Id), LinkSource> _links = new();

    public Task RestoreFileAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry) =>
        RestoreAsync(directory, path, entry, () => WriteFileAsync(directory, path, entry));

    public Task RestoreSymlinkAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry) =>
        RestoreAsync(directory, path, entry, () => WriteSymlinkAsync(directory, path, entry));

    /// <summary>Restores an entry by its bytes or, when another name of the same file is there already, as a hard link to that.</summary>
    /// <param name="write">Tells whether it wrote, or left alone what was there.</param>
    private async Task RestoreAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry, Func<Task<bool>> write)
    {
        if (entry.Posix?.LinkGroup is not { } group)
        {
            await write();
            return;
        }

        LinkSource mine = new(path);
        LinkSource first = _links.GetOrAdd((group, entry.ObjectId), mine);
        if (first != mine)
        {
            if (!await first.IsWritten.Task || !TryLink(directory, path, first.Path))
            {
                await write();
            }

            return;
        }

        bool isWritten = false;
        try
        {
            isWritten = await write();
        }
        finally
        {
            first.IsWritten.SetResult(isWritten);
        }
    }

    private async Task<bool> WriteSymlinkAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry)
    {
        using PooledBytes link = await repository.ReadObjectAsync(entry.ObjectId, MaxSymlinkBytes, workers.Token);
        if (!TryClear(directory, path))
        {
            return false;
        }

        directory.CreateSymlink(path.Name, link.Span);
        attributes.ApplyToSymlink(directory, path.Name, entry, path);
        ledger.Add(new RestoreProgress { Symlinks = 1 });
        return true;
    }

    /// <summary>Makes room for an entry; false when what is there is to stay.</summary>
    public bool TryClear(DirectoryHandle directory, RestorePath path)
    {
        if (directory.TryGetMetadata(path.Name) is not { } existing)
        {
            return true;
        }

        if (!options.Overwrite)
        {
            ledger.Add(new RestoreProgress { Skipped = 1 });
            return false;
        }

        if (existing.Kind != FileKind.Directory)
        {
            directory.Remove(path.Name);
            return true;
        }

        if (!options.DeleteExtra)
        {
            ledger.AddProblem(RestorePath.Display(path), "A directory is in the way; it is only removed when extra entries are to be deleted.");
            return false;
        }

        directory.RemoveTree(path.Name, workers.Token);
        ledger.Add(new RestoreProgress { Deleted = 1 });
        return true;
    }

    private bool TryLink(DirectoryHandle directory, RestorePath path, RestorePath source)
    {
        try
        {
            using DirectoryHandle? opened = source.Parent is null ? null : RestorePath.Open(target, source.Parent);
            if (!TryClear(directory, path))
            {
                return true; // what is there stays
            }

            directory.CreateHardLink(path.Name, opened ?? target, source.Name);
            ledger.Add(new RestoreProgress { HardLinks = 1 });
            return true;
        }
        catch (FileSystemException error)
        {
            ledger.AddWarning(RestorePath.Display(path), $"Restored as a copy and not as a hard link: {error.Message}");
            return false;
        }
    }

    private async Task<bool> WriteFileAsync(DirectoryHandle directory, RestorePath path, DirectoryEntry entry)
    {
        // The first chunk is read before the file that is there is given up.
        await using IAsyncEnumerator<ObjectContent> chunks = repository.ListObjectContentsAsync(entry.ObjectId, workers.Token).GetAsyncEnumerator(workers.Token);
        using PooledBytes? first = await chunks.MoveNextAsync() ? await repository.ReadContentAsync(chunks.Current, workers.Token) : null;
        if (!TryClear(directory, path))
        {
            return false;
        }

        using WritableFile file = directory.CreateFile(path.Name);
        try
        {
            long length = 0;
            if (first is not null)
            {
                WriteChunk(file, entry, 0, first);
                length = first.Length;
            }

            length += await WriteOtherChunksAsync(file, entry, chunks);
            if (length != entry.LengthBytes)
            {
                if (!entry.MayTellAnotherLength)
                {
                    throw new RepositoryCorruptException($"(object {entry.ObjectId})", null, $"{entry.LengthBytes} bytes", $"{length}");
                }

                ledger.AddWarning(RestorePath.Display(path), $"The snapshot tells {entry.LengthBytes} bytes and kept {length}: it was not read to its end, or changed meanwhile.");
            }

            if (entry.Posix is not null || options.ZerosAsHoles)
            {
                file.SetLength(length); // the last bytes may be a hole
            }
        }
        catch
        {
            directory.Remove(path.Name); // half a file is worse than none
            throw;
        }

        attributes.Apply(file, entry, path);
        ledger.Add(new RestoreProgress { Files = 1 });
        return true;
    }

    /// <summary>Writes all chunks after the first, several at a time; returns their bytes.</summary>
    private async Task<long> WriteOtherChunksAsync(WritableFile file, DirectoryEntry entry, IAsyncEnumerator<ObjectContent> chunks)
    {
        long length = 0;
        BackupException? failure = null;
        await using OrderedWork<(int Length, BackupException? Failure)> work = new(
            workers,
            chunk =>
            {
                length += chunk.Length;
                failure ??= chunk.Failure;
            },
            MaxPendingChunks);
        while (failure is null && await chunks.MoveNextAsync())
        {
            ObjectContent content = chunks.Current;
            await work.AddAsync(() => WriteChunkAsync(file, entry, content));
        }

        await work.FinishAsync();
        return failure is null ? length : throw failure;
    }

    /// <summary>Damage and refusals concern this file only and are returned; what is thrown ends the restore.</summary>
    private async Task<(int Length, BackupException? Failure)> WriteChunkAsync(WritableFile file, DirectoryEntry entry, ObjectContent content)
    {
        try
        {
            using PooledBytes bytes = await repository.ReadContentAsync(content, workers.Token);
            WriteChunk(file, entry, content.ObjectOffset, bytes);
            return (bytes.Length, null);
        }
        catch (BackupException error) when (RestoreRun.IsOfOneEntry(error))
        {
            return (0, error);
        }
    }

    private void WriteChunk(WritableFile file, DirectoryEntry entry, long offset, PooledBytes bytes)
    {
        SparseWrite.Write(file, offset, bytes.Span, entry.Posix?.Holes ?? [], options.ZerosAsHoles || entry.Posix is { HasManyHoles: true });
        ledger.Add(new RestoreProgress { Bytes = bytes.Length });
    }

    private sealed class LinkSource(RestorePath path)
    {
        public RestorePath Path { get; } = path;

        public TaskCompletionSource<bool> IsWritten { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
