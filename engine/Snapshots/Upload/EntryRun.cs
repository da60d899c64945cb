using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Snapshots.Format;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>Entries of files and links that follow one another in a directory: their JSON, and their sums. One owner, who disposes it.</summary>
internal sealed class EntryRun : IDisposable
{
    private const int FirstBytes = 1 << 10;

    private readonly PooledWriter _json = new(FirstBytes);

    /// <summary>The JSON of the entries with commas between them.</summary>
    public ReadOnlySpan<byte> Json => _json.Written;

    public long FileCount { get; private set; }

    public long SymlinkCount { get; private set; }

    public long TotalBytes { get; private set; }

    /// <summary>The latest change; null when there are no entries.</summary>
    public UnixNanos? Latest { get; private set; }

    public void Add(DirectoryEntry entry)
    {
        Separate();
        EntryWriter.Write(_json, entry);
        Count(entry.Kind == EntryKind.Symlink, entry.LengthBytes, entry.Modified);
    }

    /// <summary>Takes an entry over as it was written before.</summary>
    public void Add(ReadOnlySpan<byte> element, in FileMetadata metadata)
    {
        Separate();
        _json.Raw(element);
        Count(metadata.Kind == FileKind.Symlink, metadata.LengthBytes, metadata.Modified);
    }

    public void Dispose() => _json.Dispose();

    private void Separate()
    {
        if (_json.Length > 0)
        {
            _json.Raw(","u8);
        }
    }

    private void Count(bool isSymlink, long lengthBytes, UnixNanos modified)
    {
        FileCount += isSymlink ? 0 : 1;
        SymlinkCount += isSymlink ? 1 : 0;
        TotalBytes += isSymlink ? 0 : lengthBytes;
        Latest = Latest is { } latest && latest >= modified ? latest : modified;
    }
}
