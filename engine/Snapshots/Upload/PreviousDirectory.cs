using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>
/// A directory of an earlier snapshot, read beside the directory that is uploaded: both are sorted alike (directories first, then by
/// the bytes of the name), so one pass finds what belongs together. Names must be asked for in that order.
/// </summary>
internal sealed class PreviousDirectory : IAsyncDisposable
{
    private readonly DirectoryReader _reader;
    private DirectoryEntry? _current;
    private FileName _currentName;
    private bool _isAtEnd;

    private PreviousDirectory(DirectoryReader reader) => _reader = reader;

    /// <summary>Opens the directory object; null when it cannot be read, which only costs reading the files again.</summary>
    public static async Task<PreviousDirectory?> TryOpenAsync(
        KopiaRepository repository, DirectoryEntry directory, string path, UploadLedger ledger, CancellationToken cancellationToken)
    {
        try
        {
            return new PreviousDirectory(await DirectoryReader.OpenAsync(repository, directory.ObjectId, cancellationToken));
        }
        catch (BackupException error) when (error.Kind == ErrorKind.Corrupt)
        {
            ledger.AddWarning(path, $"The previous snapshot cannot be used here, so all files are read again: {error.Message}");
            return null;
        }
    }

    /// <summary>The entry of this name and sort, or null.</summary>
    public async ValueTask<DirectoryEntry?> FindAsync(
        FileName name, bool isDirectory, string path, UploadLedger ledger, CancellationToken cancellationToken)
    {
        while (!_isAtEnd)
        {
            if (_current is not null)
            {
                int order = (isDirectory ? 0 : 1) - (_current.Kind == EntryKind.Directory ? 0 : 1);
                order = order != 0 ? order : name.CompareTo(_currentName);
                if (order <= 0)
                {
                    return order == 0 ? _current : null;
                }
            }

            await AdvanceAsync(path, ledger, cancellationToken);
        }

        return null;
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private async ValueTask AdvanceAsync(string path, UploadLedger ledger, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                _current = await _reader.ReadAsync(cancellationToken);
            }
            while (_current is not null && !_current.TryGetFileName(out _currentName));
            _isAtEnd = _current is null;
        }
        catch (BackupException error) when (error.Kind is ErrorKind.Corrupt or ErrorKind.NotFound)
        {
            ledger.AddWarning(path, $"The previous snapshot cannot be used here, so files are read again: {error.Message}");
            _isAtEnd = true;
        }
    }
}
