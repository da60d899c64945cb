using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>The walk of one upload: every directory is listed, its directories uploaded first, then its files, all in the order of the directory object.</summary>
internal sealed class UploadRun(
    KopiaRepository repository,
    WriteSession session,
    UploadOptions options,
    UploadLedger ledger,
    SharedWorkers workers,
    SharedWorkers largeWorkers,
    TimeProvider time)
{
    // Each level costs a descriptor; no program makes trees as deep as this.
    private const int MaxDepth = 2000;

    // Finished entries that may wait for a slow one before them.
    private const int MaxPending = 256;

    // Each holds what previous snapshots say of its files, about 50 KiB.
    private const int MaxPendingBatches = 16;
    private const int MaxPendingLargeFiles = 64;

    // From here on reading a file is worth another worker.
    private const int LargeFileBytes = 128 << 10;

    private readonly FileUploader _files = new(session, options, ledger, largeWorkers, time);
    private readonly ConcurrentDictionary<ulong, bool> _hasNoAttributes = new();
    private FileIdentity _root;

    /// <summary>Uploads the tree below an open root. A root that cannot be listed throws.</summary>
    public async Task<DirectoryEntry> UploadRootAsync(
        DirectoryHandle root, DirectoryBuilder builder, FileIdentity identity, IReadOnlyList<DirectoryEntry> previous, CancellationToken cancellationToken)
    {
        _root = identity;
        DirectoryListing listing = root.List(cancellationToken);
        return await UploadListedAsync(root, listing, builder, "", previous, depth: 0, cancellationToken);
    }

    /// <summary>What of an open directory its entry will say.</summary>
    public static DirectoryEntry Describe(string name, PosixExtras posix, FileMetadata metadata) => new()
    {
        Name = name,
        Kind = EntryKind.Directory,
        Permissions = metadata.Permissions,
        Modified = metadata.Modified,
        Uid = metadata.Uid,
        Gid = metadata.Gid,
        Posix = posix.IsEmpty ? null : posix,
    };

    private async Task<DirectoryEntry> UploadListedAsync(
        DirectoryHandle directory,
        DirectoryListing listing,
        DirectoryBuilder builder,
        string path,
        IReadOnlyList<DirectoryEntry> previousEntries,
        int depth,
        CancellationToken cancellationToken)
    {
        List<PreviousDirectory> previous = [];
        try
        {
            foreach (DirectoryEntry entry in previousEntries)
            {
                if (await PreviousDirectory.TryOpenAsync(repository, entry, path, ledger, cancellationToken) is { } opened)
                {
                    previous.Add(opened);
                }
            }

            await UploadDirectoriesAsync(directory, listing, builder, path, previous, depth, cancellationToken);
            await UploadFilesAsync(directory, listing, builder, path, previous, cancellationToken);
        }
        finally
        {
            foreach (PreviousDirectory opened in previous)
            {
                await opened.DisposeAsync();
            }
        }

        ledger.AddDirectory();
        return await builder.WriteAsync(session, cancellationToken);
    }

    private async Task UploadDirectoriesAsync(
        DirectoryHandle directory,
        DirectoryListing listing,
        DirectoryBuilder builder,
        string path,
        List<PreviousDirectory> previous,
        int depth,
        CancellationToken cancellationToken)
    {
        await using OrderedWork<(DirectoryBuilder? Child, DirectoryEntry? Done)> work = new(
            workers,
            result =>
            {
                if (result.Child is { } child)
                {
                    builder.End(child, result.Done);
                }
            },
            MaxPending);
        for (int i = 0; i < listing.DirectoryCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FileName name = listing.NameAt(i);
            List<DirectoryEntry> before = await FindDirectoriesAsync(previous, name, path, cancellationToken);
            await work.AddAsync(() => UploadChildAsync(directory, name, builder, path, before, depth + 1, cancellationToken));
        }

        await work.FinishAsync();
    }

    private async Task<(DirectoryBuilder? Child, DirectoryEntry? Done)> UploadChildAsync(
        DirectoryHandle parent,
        FileName name,
        DirectoryBuilder parentBuilder,
        string parentPath,
        List<DirectoryEntry> previous,
        int depth,
        CancellationToken cancellationToken)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            await Task.Yield(); // goes on with an empty stack
        }

        string path = EntryNames.Join(parentPath, name);
        DirectoryHandle? opened = null;
        DirectoryBuilder builder;
        DirectoryListing listing;
        try
        {
            _ = depth <= MaxDepth ? true : throw new FileSystemException(Errors.ErrorKind.Unsupported, path, $"the tree is more than {MaxDepth} levels deep");
            opened = parent.OpenDirectory(name);
            builder = new DirectoryBuilder(Describe(opened, name));
            listing = opened.List(cancellationToken);
        }
        catch (FileSystemException error)
        {
            opened?.Dispose();
            if (!IsGone(parent, name, error))
            {
                parentBuilder.Add(ledger.AddFailure(path, error));
            }

            return default;
        }

        using DirectoryHandle directory = opened;
        parentBuilder.Begin(builder);
        return (builder, await UploadListedAsync(directory, listing, builder, path, previous, depth, cancellationToken));
    }

    private async Task UploadFilesAsync(
        DirectoryHandle directory,
        DirectoryListing listing,
        DirectoryBuilder builder,
        string path,
        List<PreviousDirectory> previous,
        CancellationToken cancellationToken)
    {
        EntrySequence sequence = new(builder);
        await using OrderedWork<bool> work = new(workers, static _ => { }, MaxPendingBatches);
        for (int start = listing.DirectoryCount; start < listing.Count; start += FileBatch.MaxNames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int end = Math.Min(start + FileBatch.MaxNames, listing.Count);
            FileBatch batch = new();
            for (int i = start; i < end; i++)
            {
                await batch.AddAsync(listing.NameAt(i), previous, path, ledger, cancellationToken);
            }

            LinkedListNode<EntryRun?> place = sequence.Append();
            if (end == listing.Count)
            {
                await UploadBatchAsync(directory, batch, sequence, place, builder, path, cancellationToken); // there is nothing else to do meanwhile
            }
            else
            {
                await work.AddAsync(() => UploadBatchAsync(directory, batch, sequence, place, builder, path, cancellationToken));
            }
        }

        await work.FinishAsync();
    }

    /// <summary>Uploads the files of a batch: one after the other, but large ones beside each other.</summary>
    private async Task<bool> UploadBatchAsync(
        DirectoryHandle directory,
        FileBatch batch,
        EntrySequence sequence,
        LinkedListNode<EntryRun?> place,
        DirectoryBuilder builder,
        string path,
        CancellationToken cancellationToken)
    {
        using FileBatch owned = batch;
        await using OrderedWork<bool> large = new(largeWorkers, static _ => { }, MaxPendingLargeFiles);
        EntryRun run = new();
        for (int i = 0; i < batch.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryReuse(directory, batch, i, run, builder, path) is not { } file)
            {
                continue;
            }

            List<DirectoryEntry> previous = batch.PreviousOf(i);
            if (file.Metadata.Kind != FileKind.Regular || file.Metadata.LengthBytes < LargeFileBytes)
            {
                if (await UploadOneAsync(directory, file, builder, path, previous, cancellationToken) is { } entry)
                {
                    run.Add(entry);
                }

                continue;
            }

            LinkedListNode<EntryRun?> own = sequence.InsertAfter(place);
            LinkedListNode<EntryRun?> next = sequence.InsertAfter(own);
            sequence.Complete(place, run);
            (place, run) = (next, new EntryRun());
            await large.AddAsync(async () =>
            {
                EntryRun single = new();
                if (await UploadOneAsync(directory, file, builder, path, previous, cancellationToken) is { } entry)
                {
                    single.Add(entry);
                }

                sequence.Complete(own, single);
                return true;
            });
        }

        sequence.Complete(place, run);
        await large.FinishAsync();
        return true;
    }

    /// <summary>Takes a file or link over that did not change and has nothing beside what a plain entry says.</summary>
    /// <returns>The file, when it has to be looked at closer; null when it is done with.</returns>
    private FoundFile? TryReuse(DirectoryHandle directory, FileBatch batch, int index, EntryRun run, DirectoryBuilder builder, string path)
    {
        FileName name = batch.NameAt(index);
        try
        {
            if (directory.TryGetMetadata(name) is not { } metadata)
            {
                return null; // removed since it was listed: as if it had been removed before
            }

            IReadOnlyList<ExtendedAttribute> attributes = ReadAttributes(directory, name, metadata);
            if (attributes.Count == 0 && metadata.LinkCount == 1 && batch.FindUnchanged(index, metadata) is { IsEmpty: false } element && EntryNames.IsText(name))
            {
                run.Add(element, metadata);
                ledger.AddReusedFile(metadata.LengthBytes);
                return null;
            }

            return new FoundFile(name, metadata, attributes);
        }
        catch (FileSystemException error)
        {
            NoteFailure(directory, name, builder, path, error);
            return null;
        }
    }

    private async Task<DirectoryEntry?> UploadOneAsync(
        DirectoryHandle directory, FoundFile file, DirectoryBuilder builder, string parentPath, List<DirectoryEntry> previous, CancellationToken cancellationToken)
    {
        (FileName name, FileMetadata metadata, IReadOnlyList<ExtendedAttribute> attributes) = file;
        try
        {
            PosixExtras posix = Extras(name, metadata, attributes);
            switch (metadata.Kind)
            {
                case FileKind.Regular or FileKind.Symlink:
                    return await _files.UploadAsync(directory, name, metadata, posix, builder, parentPath, previous, cancellationToken);
                case FileKind.Fifo or FileKind.CharacterDevice or FileKind.BlockDevice:
                    builder.Add(Special(name, metadata, posix));
                    return null;
                case FileKind.Socket:
                    ledger.AddSocket();
                    return null;
                default:
                    ledger.AddWarning(EntryNames.Join(parentPath, name), "It became a directory while the backup ran; the next backup will hold it.");
                    return null;
            }
        }
        catch (FileSystemException error)
        {
            NoteFailure(directory, name, builder, parentPath, error);
            return null;
        }
    }

    private void NoteFailure(DirectoryHandle directory, FileName name, DirectoryBuilder builder, string parentPath, FileSystemException error)
    {
        if (!IsGone(directory, name, error))
        {
            builder.Add(ledger.AddFailure(EntryNames.Join(parentPath, name), error));
        }
    }

    private DirectoryEntry Describe(DirectoryHandle directory, FileName name)
    {
        FileMetadata metadata = directory.GetMetadata();
        PosixExtras posix = Extras(name, metadata, Kept(metadata, AsksFor(metadata) ? directory.GetExtendedAttributes() : []));
        return Describe(EntryNames.ToText(name), posix, metadata);
    }

    private static SpecialEntry Special(FileName name, FileMetadata metadata, PosixExtras posix) => new()
    {
        Name = EntryNames.ToText(name),
        Kind = metadata.Kind,
        Permissions = metadata.Permissions,
        Modified = metadata.Modified,
        Uid = metadata.Uid,
        Gid = metadata.Gid,
        DeviceMajor = metadata.DeviceMajor,
        DeviceMinor = metadata.DeviceMinor,
        Posix = posix.IsEmpty ? null : posix,
    };

    private PosixExtras Extras(FileName name, FileMetadata metadata, IReadOnlyList<ExtendedAttribute> attributes) => new()
    {
        RawName = EntryNames.IsText(name) ? default(ReadOnlyMemory<byte>?) : name.Bytes.ToArray(),
        LinkGroup = metadata.LinkCount > 1 && metadata.Kind is FileKind.Regular or FileKind.Symlink ? LinkGroup(metadata.Identity) : null,
        Attributes = attributes,
    };

    /// <summary>Extended attributes of a root, which has no name in the tree.</summary>
    public PosixExtras RootExtras(DirectoryHandle root, FileMetadata metadata) =>
        new() { Attributes = Kept(metadata, AsksFor(metadata) ? root.GetExtendedAttributes() : []) };

    private IReadOnlyList<ExtendedAttribute> ReadAttributes(DirectoryHandle directory, FileName name, in FileMetadata metadata) =>
        AsksFor(metadata) ? Kept(metadata, directory.GetExtendedAttributes(name)) : [];

    private bool AsksFor(in FileMetadata metadata) =>
        options.KeepExtendedAttributes && (_hasNoAttributes.IsEmpty || !_hasNoAttributes.ContainsKey(metadata.Identity.Device));

    private IReadOnlyList<ExtendedAttribute> Kept(in FileMetadata metadata, IReadOnlyList<ExtendedAttribute>? attributes)
    {
        if (attributes is null)
        {
            _hasNoAttributes[metadata.Identity.Device] = true; // so that the other files of this file system are not asked
        }

        return attributes ?? [];
    }

    // The number of the file system may change when it is mounted again; that of the file does not.
    private string LinkGroup(FileIdentity identity) => identity.Device == _root.Device
        ? $"{identity.Inode}"
        : $"{identity.Device:x}:{identity.Inode}";

    private async ValueTask<List<DirectoryEntry>> FindDirectoriesAsync(
        List<PreviousDirectory> previous, FileName name, string path, CancellationToken cancellationToken)
    {
        List<DirectoryEntry> found = [];
        foreach (PreviousDirectory directory in previous)
        {
            if (await directory.SeekAsync(name, isDirectory: true, path, ledger, cancellationToken))
            {
                found.Add(directory.ReadEntry());
            }
        }

        return found;
    }

    private static bool IsGone(DirectoryHandle directory, FileName name, FileSystemException error) =>
        error.Kind == Errors.ErrorKind.NotFound && directory.TryGetMetadata(name) is null;

    /// <summary>A file that was found beside what a previous snapshot says of it.</summary>
    private sealed record FoundFile(FileName Name, FileMetadata Metadata, IReadOnlyList<ExtendedAttribute> Attributes);
}
