namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>
/// A store in a folder: a blob is a file at its name below the root. Several processes and machines may use the same folder;
/// the folder is made by the first put. Files are private to the user (0600), folders too (0700).
/// </summary>
internal sealed class FolderBlobStore : IStagedBlobStore
{
    private readonly FolderPaths paths;
    private readonly FolderErrors errors;
    private readonly FolderListing listing;
    private readonly FolderWriter writer;

    /// <param name="root">Absolute path of the folder.</param>
    /// <param name="time">Tells which left-over temporary files are old.</param>
    internal FolderBlobStore(string root, TimeProvider time)
    {
        if (!Path.IsPathFullyQualified(root))
        {
            throw new ArgumentException($"'{root}' is not an absolute path.", nameof(root));
        }

        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        DisplayName = new FolderStoreUrl(root).ToString();
        errors = new FolderErrors(DisplayName);
        paths = new FolderPaths(root, errors);
        listing = new FolderListing(paths, errors);
        writer = new FolderWriter(paths, errors, time);
    }

    public string DisplayName { get; }

    public bool SupportsConditionalPut => true;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = paths.File(name);
        try
        {
            FileInfo file = new(path);
            bool there = paths.FindLink(path, includeFile: true) is null && file.Exists;
            return Task.FromResult(there ? new BlobInfo(name, file.Length, file.LastWriteTimeUtc) : null);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult<BlobInfo?>(null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "look at", $"the blob '{name}'");
        }
    }

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken)
    {
        StorageErrors.CheckRange(range);
        cancellationToken.ThrowIfCancellationRequested();
        string path = paths.File(name);
        if (paths.FindLink(path, includeFile: true) is not null || Directory.Exists(path))
        {
            throw StorageErrors.BlobNotFound(name, DisplayName);
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            BlobInfo info = new(name, file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
            BlobRange part = range ?? new BlobRange(0, info.LengthBytes);
            if (part.OffsetBytes > info.LengthBytes - part.LengthBytes)
            {
                throw StorageErrors.RangePastEnd(name, DisplayName, part, info.LengthBytes);
            }

            Stream stream = new FileReadStream(file, info, part.OffsetBytes, part.LengthBytes, errors);
            file = null;
            return Task.FromResult(stream);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException || IsNotDirectory(error))
        {
            throw StorageErrors.BlobNotFound(name, DisplayName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw errors.From(error, "read", $"the blob '{name}'");
        }
        finally
        {
            file?.Dispose();
        }
    }

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        string path = paths.File(name);

        // Saves writing what would be refused; the decision itself is the publishing of the finished file.
        return condition == PutCondition.IfAbsent && paths.FindLink(path, includeFile: false) is null && File.Exists(path)
            ? Task.FromResult(false)
            : writer.WriteAsync(name, condition, async (file, token) => await file.WriteAsync(content, token), cancellationToken);
    }

    public async Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        const int CopyBufferBytes = 256 * 1024;
        long length = 0;
        await writer.WriteAsync(
            name,
            PutCondition.Always,
            async (file, token) =>
            {
                await content.CopyToAsync(file, CopyBufferBytes, token);
                length = file.Position;
            },
            cancellationToken);
        return length;
    }

    public Task<IStagedBlob?> TryStageAsync(BlobName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IStagedBlob?>(writer.Stage(name));
    }

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = paths.File(name);
        if (paths.FindLink(path, includeFile: false) is not null)
        {
            return Task.CompletedTask;
        }

        int error = PosixFiles.Unlink(path);
        if (error is not (0 or PosixFiles.NoEntry or PosixFiles.NotDirectory or PosixFiles.IsDirectory))
        {
            throw errors.From(error, "delete", $"the blob '{name}'");
        }

        // rmdir refuses a folder that has anything in it, so a concurrent put loses nothing: it makes its folder again.
        foreach (string folder in paths.FoldersOf(path).Reverse())
        {
            if (PosixFiles.RemoveDirectory(folder) is not (0 or PosixFiles.NoEntry))
            {
                break;
            }
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => listing.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => listing.ListFoldersAsync(prefix, cancellationToken);

    private static bool IsNotDirectory(Exception error) => error is IOException { HResult: PosixFiles.NotDirectory };
}
