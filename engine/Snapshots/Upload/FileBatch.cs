using System.Text.Json;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>Names of one directory that follow one another, with what previous snapshots say of them: the work of one worker.</summary>
internal sealed class FileBatch : IDisposable
{
    /// <summary>Names of a batch: enough to be worth handing over, few enough to spread a directory over the workers.</summary>
    public const int MaxNames = 256;

    private const int UsualElementBytes = 256;

    private readonly List<(FileName Name, int FirstCandidate)> _names = new(MaxNames);
    private readonly List<(int Start, int Length, EntryFields? Fields)> _candidates = new(MaxNames);
    private readonly PooledWriter _elements = new(MaxNames * UsualElementBytes / 4);

    public int Count => _names.Count;

    public FileName NameAt(int index) => _names[index].Name;

    /// <summary>Adds a name with the entries that previous directories have for it, the one to be preferred first.</summary>
    public async ValueTask AddAsync(FileName name, List<PreviousDirectory> previous, string path, UploadLedger ledger, CancellationToken cancellationToken)
    {
        _names.Add((name, _candidates.Count));
        foreach (PreviousDirectory directory in previous)
        {
            if (await directory.SeekAsync(name, isDirectory: false, path, ledger, cancellationToken))
            {
                AddCandidate(directory);
            }
        }
    }

    /// <summary>The JSON of the previous entry that is the same plain file or link; empty when there is none, or when more than that has to be looked at.</summary>
    public ReadOnlySpan<byte> FindUnchanged(int index, in FileMetadata metadata)
    {
        for (int i = _names[index].FirstCandidate; i < EndOf(index); i++)
        {
            (int start, int length, EntryFields? fields) = _candidates[i];
            if (fields is not { } plain)
            {
                return default;
            }

            if (plain.IsOf(metadata))
            {
                return _elements.Written.Slice(start, length);
            }
        }

        return default;
    }

    /// <summary>The previous entries of a name.</summary>
    public List<DirectoryEntry> PreviousOf(int index)
    {
        List<DirectoryEntry> entries = [];
        for (int i = _names[index].FirstCandidate; i < EndOf(index); i++)
        {
            Utf8JsonReader json = new(_elements.Written.Slice(_candidates[i].Start, _candidates[i].Length));
            json.Read();
            entries.Add(EntryReader.ReadEntry(ref json, "(previous snapshot)"));
        }

        return entries;
    }

    public void Dispose() => _elements.Dispose();

    private int EndOf(int index) => index + 1 < _names.Count ? _names[index + 1].FirstCandidate : _candidates.Count;

    private void AddCandidate(PreviousDirectory directory)
    {
        ReadOnlySpan<byte> element = directory.Element;
        element.CopyTo(_elements.GetSpan(element.Length));
        _candidates.Add((_elements.Length, element.Length, directory.Fields));
        _elements.Advance(element.Length);
    }
}
