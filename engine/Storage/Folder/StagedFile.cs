namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>A blob in a temporary file, which gets its name when it is published.</summary>
internal sealed class StagedFile : IStagedBlob
{
    /// <summary>From so many bytes on the disk is told to begin at once, so that little is left to wait for at the end.</summary>
    private const int EarlyWriteBytes = 1 << 20;

    private readonly FolderWriter _writer;
    private readonly FolderErrors _errors;
    private readonly BlobName _name;
    private readonly FileStream _file;
    private string? _temporary;

    /// <param name="temporary">Path of the file, new and empty.</param>
    internal StagedFile(FolderWriter writer, FolderErrors errors, BlobName name, string temporary, FileStream file) =>
        (_writer, _errors, _name, _temporary, _file) = (writer, errors, name, temporary, file);

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes.Span, offset); // into the page cache: not worth another thread
            if (bytes.Length >= EarlyWriteBytes)
            {
                PosixFiles.BeginWriteback(_file.SafeFileHandle, offset, bytes.Length);
            }

            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw _errors.From(error, "write", Subject);
        }
    }

    public ValueTask ReadAsync(long offset, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            for (int done = 0; done < bytes.Length;)
            {
                int count = RandomAccess.Read(_file.SafeFileHandle, bytes.Span[done..], offset + done);
                done += count > 0 ? count : throw new EndOfStreamException($"{bytes.Length} bytes at {offset} were not written");
            }

            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw _errors.From(error, "read", Subject);
        }
    }

    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        string temporary = _temporary ?? throw new InvalidOperationException("A staged blob is published once.");
        cancellationToken.ThrowIfCancellationRequested();

        // Waits for the disk, so on a thread of its own: the pool has one for each core, and they are to compute.
        await Task.Factory.StartNew(
            () => _writer.Publish(_file, temporary, _name), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _temporary = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (_temporary is { } temporary)
        {
            _ = PosixFiles.Unlink(temporary); // what stays is swept later
            _temporary = null;
        }
    }

    private string Subject => $"the blob '{_name}'";
}
