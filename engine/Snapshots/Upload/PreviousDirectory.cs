using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>
/// A directory of an earlier snapshot, read beside the directory that is uploaded: both are sorted alike (directories first, then by
/// the bytes of the name), so one pass finds what belongs together. Names must be sought in that order.
/// </summary>
internal sealed class PreviousDirectory : IAsyncDisposable
{
    private readonly DirectoryReader _reader;
    private readonly byte[] _name = new byte[FileName.MaxBytes];
    private int _nameLength;
    private bool _isDirectory;
    private bool _hasCurrent;
    private bool _isAtEnd;

    private PreviousDirectory(DirectoryReader reader) => _reader = reader;

    /// <summary>JSON of the entry that was found; valid until the next is sought.</summary>
    public ReadOnlySpan<byte> Element => _reader.Element;

    /// <summary>What of the entry that was found can be compared at once; null when it has more than a plain file or link.</summary>
    public EntryFields? Fields { get; private set; }

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

    /// <summary>Moves to the entry of this name and sort; false when there is none.</summary>
    public async ValueTask<bool> SeekAsync(FileName name, bool isDirectory, string path, UploadLedger ledger, CancellationToken cancellationToken)
    {
        while (!_isAtEnd)
        {
            if (_hasCurrent)
            {
                int order = (isDirectory ? 0 : 1) - (_isDirectory ? 0 : 1);
                order = order != 0 ? order : name.Bytes.SequenceCompareTo(_name.AsSpan(0, _nameLength));
                if (order <= 0)
                {
                    return order == 0;
                }
            }

            await AdvanceAsync(path, ledger, cancellationToken);
        }

        return false;
    }

    /// <summary>Reads the entry that was found.</summary>
    public DirectoryEntry ReadEntry() => _reader.ReadElement();

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private async ValueTask AdvanceAsync(string path, UploadLedger ledger, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                _hasCurrent = await _reader.MoveNextAsync(cancellationToken);
            }
            while (_hasCurrent && !TryTakeCurrent());
            _isAtEnd = !_hasCurrent;
        }
        catch (BackupException error) when (error.Kind is ErrorKind.Corrupt or ErrorKind.NotFound)
        {
            ledger.AddWarning(path, $"The previous snapshot cannot be used here, so files are read again: {error.Message}");
            _isAtEnd = true;
        }
    }

    /// <summary>False when the entry's name cannot be that of a file.</summary>
    private bool TryTakeCurrent()
    {
        if (EntryFields.TryRead(_reader.Element, _name, out _nameLength, out EntryFields fields))
        {
            (Fields, _isDirectory) = (fields, false);
            return true;
        }

        DirectoryEntry entry = _reader.ReadElement();
        (Fields, _isDirectory) = (null, entry.Kind == EntryKind.Directory);
        if (!entry.TryGetFileName(out FileName name))
        {
            return false;
        }

        name.Bytes.CopyTo(_name);
        _nameLength = name.Bytes.Length;
        return true;
    }
}
