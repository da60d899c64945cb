using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>The walk of one upload: every directory is listed, its directories uploaded first, then its files, all in the order of the directory object.</summary>
internal sealed class UploadRun(
    KopiaRepository repository, WriteSession session, UploadOptions options, UploadLedger ledger, SharedWorkers workers, TimeProvider time)
{
    // Each level costs a descriptor; no program makes trees as deep as this.
    private const int MaxDepth = 2000;

    // Finished entries that may wait for a slow one before them.
    private const int MaxPending = 256;

    private readonly FileUploader _files = new(session, options, ledger, workers, time);
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
            List<DirectoryEntry> before = await FindAsync(previous, name, isDirectory: true, path, cancellationToken);
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
        await using OrderedWork<DirectoryEntry?> work = new(
            workers,
            entry =>
            {
                if (entry is not null)
                {
                    builder.Add(entry);
                }
            },
            MaxPending);
        for (int i = listing.DirectoryCount; i < listing.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FileName name = listing.NameAt(i);
            List<DirectoryEntry> before = await FindAsync(previous, name, isDirectory: false, path, cancellationToken);
            await work.AddAsync(() => UploadOneAsync(directory, name, builder, path, before, cancellationToken));
        }

        await work.FinishAsync();
    }

    private async Task<DirectoryEntry?> UploadOneAsync(
        DirectoryHandle directory, FileName name, DirectoryBuilder builder, string parentPath, List<DirectoryEntry> previous, CancellationToken cancellationToken)
    {
        try
        {
            if (directory.TryGetMetadata(name) is not { } metadata)
            {
                return null; // removed since it was listed: as if it had been removed before
            }

            PosixExtras posix = Extras(name, metadata, () => directory.GetExtendedAttributes(name));
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
            if (!IsGone(directory, name, error))
            {
                builder.Add(ledger.AddFailure(EntryNames.Join(parentPath, name), error));
            }

            return null;
        }
    }

    private DirectoryEntry Describe(DirectoryHandle directory, FileName name)
    {
        FileMetadata metadata = directory.GetMetadata();
        PosixExtras posix = Extras(name, metadata, directory.GetExtendedAttributes);
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

    private PosixExtras Extras(FileName name, FileMetadata metadata, Func<IReadOnlyList<ExtendedAttribute>?> readAttributes) => new()
    {
        RawName = EntryNames.IsText(name) ? default(ReadOnlyMemory<byte>?) : name.Bytes.ToArray(),
        LinkGroup = metadata.LinkCount > 1 && metadata.Kind is FileKind.Regular or FileKind.Symlink ? LinkGroup(metadata.Identity) : null,
        Attributes = ReadAttributes(metadata.Identity.Device, readAttributes),
    };

    /// <summary>Extended attributes of a root, which has no name in the tree.</summary>
    public PosixExtras RootExtras(DirectoryHandle root, FileMetadata metadata) =>
        new() { Attributes = ReadAttributes(metadata.Identity.Device, root.GetExtendedAttributes) };

    private IReadOnlyList<ExtendedAttribute> ReadAttributes(ulong device, Func<IReadOnlyList<ExtendedAttribute>?> read)
    {
        if (!options.KeepExtendedAttributes || _hasNoAttributes.ContainsKey(device))
        {
            return [];
        }

        IReadOnlyList<ExtendedAttribute>? attributes = read();
        if (attributes is null)
        {
            _hasNoAttributes[device] = true; // so that the other files of this file system are not asked
        }

        return attributes ?? [];
    }

    // The number of the file system may change when it is mounted again; that of the file does not.
    private string LinkGroup(FileIdentity identity) => identity.Device == _root.Device
        ? $"{identity.Inode}"
        : $"{identity.Device:x}:{identity.Inode}";

    private async ValueTask<List<DirectoryEntry>> FindAsync(
        List<PreviousDirectory> previous, FileName name, bool isDirectory, string path, CancellationToken cancellationToken)
    {
        List<DirectoryEntry> found = [];
        foreach (PreviousDirectory directory in previous)
        {
            if (await directory.FindAsync(name, isDirectory, path, ledger, cancellationToken) is { } entry)
            {
                found.Add(entry);
            }
        }

        return found;
    }

    private static bool IsGone(DirectoryHandle directory, FileName name, FileSystemException error) =>
        error.Kind == Errors.ErrorKind.NotFound && directory.TryGetMetadata(name) is null;
}
