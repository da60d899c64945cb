using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// Builds one index from entries that come one after the other, sorted and unique, and whose number is known: only the index itself is in
/// memory, not the entries. Values have their longest form, since what the entries need is not known before the last of them.
/// </summary>
internal sealed class IndexShardBuilder
{
    private readonly int _version;
    private readonly int _keyLength;
    private readonly int _count;
    private readonly int _headerBytes;
    private readonly int _entryBytes;
    private readonly byte[] _entries;
    private readonly Dictionary<BlobName, int> _packs = [];
    private readonly List<(int Offset, int Length)> _places = [];
    private readonly ArrayBufferWriter<byte> _names = new();
    private readonly Dictionary<(uint Compression, byte FormatVersion, byte EncryptionKey), byte> _formats = [];
    private int _added;

    public IndexShardBuilder(int version, int keyLength, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IndexBuilder.MaxEntries);
        (_version, _keyLength, _count) = (version, keyLength, count);
        _headerBytes = version == 1 ? IndexLayout.V1.HeaderBytes : IndexLayout.V2.HeaderBytes;
        _entryBytes = keyLength + (version == 1 ? IndexLayout.V1.ValueBytes : IndexLayout.V2.MaxValueBytes);
        _entries = new byte[checked(_headerBytes + (count * _entryBytes))];
        IndexBuilder.WriteHeader(_entries, version, keyLength, _entryBytes - keyLength, count);
    }

    public void Add(in IndexEntry entry)
    {
        Span<byte> target = _entries.AsSpan(_headerBytes + (_added * _entryBytes), _entryBytes);
        int pack = PackOf(entry.Pack);
        if (_version == 1)
        {
            IndexBuilder.WriteEntryV1(entry, _keyLength, _entries.Length + _places[pack].Offset, _places[pack].Length, target);
        }
        else
        {
            IndexBuilder.WriteEntryV2(entry, _keyLength, pack, FormatOf(entry), target);
        }

        _added++;
    }

    /// <summary>The index; all entries must have been added.</summary>
    /// <param name="randomTail">Random bytes that are put behind, or none.</param>
    public byte[] Build(ReadOnlySpan<byte> randomTail)
    {
        if (_added != _count)
        {
            throw new InvalidOperationException($"An index of {_count} entries got {_added}.");
        }

        int formatTable = _version == 1 ? _entries.Length : _entries.Length + (_places.Count * IndexLayout.V2.PackEntryBytes);
        int namesOffset = _version == 1 ? formatTable : formatTable + (_formats.Count * IndexLayout.V2.FormatEntryBytes);
        byte[] bytes = new byte[checked(namesOffset + _names.WrittenCount + randomTail.Length)];
        _entries.CopyTo(bytes, 0);
        if (_version != 1)
        {
            WriteTables(bytes, formatTable, namesOffset);
        }

        _names.WrittenSpan.CopyTo(bytes.AsSpan(namesOffset));
        randomTail.CopyTo(bytes.AsSpan(namesOffset + _names.WrittenCount));
        return bytes;
    }

    private void WriteTables(byte[] bytes, int formatTable, int namesOffset)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(IndexLayout.V2.PackCountOffset), (uint)_places.Count);
        bytes[IndexLayout.V2.FormatCountOffset] = (byte)_formats.Count;
        for (int i = 0; i < _places.Count; i++)
        {
            Span<byte> target = bytes.AsSpan(_entries.Length + (i * IndexLayout.V2.PackEntryBytes));
            target[0] = (byte)_places[i].Length;
            BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)(namesOffset + _places[i].Offset));
        }

        foreach ((var format, byte index) in _formats)
        {
            Span<byte> target = bytes.AsSpan(formatTable + (index * IndexLayout.V2.FormatEntryBytes));
            BinaryPrimitives.WriteUInt32BigEndian(target, format.Compression);
            target[4] = format.FormatVersion;
            target[5] = format.EncryptionKey;
        }
    }

    private int PackOf(BlobName pack)
    {
        if (!_packs.TryGetValue(pack, out int index))
        {
            index = _places.Count;
            if (index == IndexLayout.V2.MaxPacks)
            {
                throw new InvalidOperationException($"An index knows {IndexLayout.V2.MaxPacks} packs, not more.");
            }

            byte[] name = Encoding.Latin1.GetBytes(pack.ToString());
            _packs.Add(pack, index);
            _places.Add((_names.WrittenCount, name.Length));
            _names.Write(name);
        }

        return index;
    }

    private byte FormatOf(in IndexEntry entry)
    {
        (uint, byte, byte) format = IndexBuilder.FormatOf(entry);
        if (!_formats.TryGetValue(format, out byte index))
        {
            if (_formats.Count == IndexLayout.V2.MaxFormats)
            {
                throw new InvalidOperationException($"An index knows {IndexLayout.V2.MaxFormats} ways of storing, not more.");
            }

            index = (byte)_formats.Count;
            _formats.Add(format, index);
        }

        return index;
    }
}
