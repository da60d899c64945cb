using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// One decrypted index blob, searched in place: nothing is unpacked but the names of packs that were asked for, once each.
/// Parsing checks that all tables lie within the bytes; what an entry points to is checked when the entry is read.
/// Immutable and thread-safe.
/// </summary>
internal sealed class IndexSegment
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _version;
    private readonly int _headerBytes;
    private readonly int _valueBytes;
    private readonly int _entryBytes;
    private readonly int _packTableOffset;
    private readonly int _packCount;
    private readonly int _formatTableOffset;
    private readonly int _formatCount;
    private readonly uint _baseTimestamp;

    /// <summary>Pack names by where they lie in the blob: offset, and length above bit 32.</summary>
    private readonly ConcurrentDictionary<long, BlobName> _packs = new();

    private IndexSegment(string blob, ReadOnlyMemory<byte> bytes)
    {
        Blob = blob;
        _bytes = bytes;
        ReadOnlySpan<byte> span = bytes.Span;
        Require(span.Length >= IndexLayout.V1.HeaderBytes, 0, $"at least {IndexLayout.V1.HeaderBytes} bytes", span.Length);
        _version = span[IndexLayout.VersionOffset];
        KeyLength = span[IndexLayout.KeySizeOffset];
        _valueBytes = BinaryPrimitives.ReadUInt16BigEndian(span[IndexLayout.ValueSizeOffset..]);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(span[IndexLayout.CountOffset..]);
        Require(_version is 1 or 2, IndexLayout.VersionOffset, "index version 1 or 2", _version);
        _headerBytes = _version == 1 ? IndexLayout.V1.HeaderBytes : IndexLayout.V2.HeaderBytes;
        _entryBytes = KeyLength + _valueBytes;
        bool isEmptyV1 = _version == 1 && count == 0;
        Require(isEmptyV1 || KeyLength is > 1 and <= ContentId.MaxKeyLength, IndexLayout.KeySizeOffset, "a key of 2 to 33 bytes", KeyLength);
        Require(
            _version == 1 ? _valueBytes == IndexLayout.V1.ValueBytes : _valueBytes is >= IndexLayout.V2.MinValueBytes and <= IndexLayout.V2.MaxValueBytes,
            IndexLayout.ValueSizeOffset,
            "an entry size of the version",
            _valueBytes);
        long end = _headerBytes + (count * (long)_entryBytes);
        Require(end <= span.Length, IndexLayout.CountOffset, "entries within the blob", count);
        Count = (int)count;
        if (_version == 1)
        {
            return;
        }

        uint packCount = BinaryPrimitives.ReadUInt32BigEndian(span[IndexLayout.V2.PackCountOffset..]);
        _formatCount = span[IndexLayout.V2.FormatCountOffset];
        _baseTimestamp = BinaryPrimitives.ReadUInt32BigEndian(span[IndexLayout.V2.BaseTimestampOffset..]);
        long formatTable = end + (packCount * (long)IndexLayout.V2.PackEntryBytes);
        long tablesEnd = formatTable + (_formatCount * (long)IndexLayout.V2.FormatEntryBytes);
        Require(packCount <= IndexLayout.V2.MaxPacks && tablesEnd <= span.Length, IndexLayout.V2.PackCountOffset, "tables within the blob", packCount);
        _packTableOffset = (int)end;
        _packCount = (int)packCount;
        _formatTableOffset = (int)formatTable;
    }

    /// <summary>Name of the blob, for messages.</summary>
    public string Blob { get; }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Bytes of each key; meaningless when there are no entries.</summary>
    public int KeyLength { get; }

    /// <exception cref="RepositoryCorruptException">The bytes are not an index.</exception>
    public static IndexSegment Parse(string blob, ReadOnlyMemory<byte> bytes) => new(blob, bytes);

    /// <summary>Position of the first entry whose key is not less than the given one.</summary>
    public int LowerBound(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> span = _bytes.Span;
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (span.Slice(EntryOffset(middle), KeyLength).SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Position of the entry with this key, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength)
        {
            return -1;
        }

        int position = LowerBound(key);
        return position < Count && _bytes.Span.Slice(EntryOffset(position), KeyLength).SequenceEqual(key) ? position : -1;
    }

    /// <summary>The content of an entry.</summary>
    public ContentId IdAt(int position)
    {
        int offset = EntryOffset(position);
        ReadOnlySpan<byte> key = _bytes.Span.Slice(offset, KeyLength);
        Require(ContentId.IsKeyPrefix(key[0]), offset, "a key that starts with no letter or g to z", key[0]);
        return ContentId.FromKey(key);
    }

    /// <summary>When an entry was written, and whether it is a deletion.</summary>
    public (long TimestampSeconds, bool IsDeleted) StateAt(int position)
    {
        ReadOnlySpan<byte> value = ValueAt(position);
        return _version == 1
            ? ((long)(BinaryPrimitives.ReadUInt64BigEndian(value) >> 16), (BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V1.PackOffsetOffset..]) & IndexLayout.DeletedBit) != 0)
            : (_baseTimestamp + (long)BinaryPrimitives.ReadUInt32BigEndian(value), (BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V2.PackOffsetOffset..]) & IndexLayout.DeletedBit) != 0);
    }

    /// <exception cref="RepositoryCorruptException">The entry points outside the blob's tables.</exception>
    public IndexEntry EntryAt(int position) => _version == 1 ? EntryV1(position) : EntryV2(position);

    private IndexEntry EntryV1(int position)
    {
        ReadOnlySpan<byte> value = ValueAt(position);
        (long timestamp, bool isDeleted) = StateAt(position);
        uint packed = BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V1.PackedBytesOffset..]);
        Require(packed is >= RepositoryCrypto.OverheadBytes and < IndexEntry.LengthLimit, EntryOffset(position), "a packed length within the limits", packed);
        return new IndexEntry(
            IdAt(position),
            PackName(value[IndexLayout.V1.PackNameLengthOffset], BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V1.PackNameOffset..]), EntryOffset(position)),
            timestamp,
            isDeleted,
            BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V1.PackOffsetOffset..]) & ~IndexLayout.DeletedBit,
            packed,
            packed - RepositoryCrypto.OverheadBytes,
            CompressionHeader: 0,
            value[IndexLayout.V1.FormatVersionOffset],
            EncryptionKey: 0);
    }

    private IndexEntry EntryV2(int position)
    {
        ReadOnlySpan<byte> value = ValueAt(position);
        (long timestamp, bool isDeleted) = StateAt(position);
        uint original = ReadUInt24(value[IndexLayout.V2.OriginalBytesOffset..]);
        uint packed = ReadUInt24(value[IndexLayout.V2.PackedBytesOffset..]);
        uint pack = BinaryPrimitives.ReadUInt16BigEndian(value[IndexLayout.V2.PackIndexOffset..]);
        int format = value.Length > IndexLayout.V2.FormatIndexOffset ? value[IndexLayout.V2.FormatIndexOffset] : 0;
        if (value.Length > IndexLayout.V2.HighPackIndexOffset)
        {
            pack |= (uint)value[IndexLayout.V2.HighPackIndexOffset] << 16;
        }

        if (value.Length > IndexLayout.V2.HighLengthsOffset)
        {
            byte high = value[IndexLayout.V2.HighLengthsOffset];
            original |= (uint)(high >> 4) << 24;
            packed |= (uint)(high & 0xF) << 24;
        }

        int offset = EntryOffset(position);
        Require(pack < _packCount, offset, $"one of {_packCount} packs", pack);
        Require(format < _formatCount, offset, $"one of {_formatCount} formats", format);
        ReadOnlySpan<byte> span = _bytes.Span;
        ReadOnlySpan<byte> packEntry = span.Slice(_packTableOffset + ((int)pack * IndexLayout.V2.PackEntryBytes), IndexLayout.V2.PackEntryBytes);
        ReadOnlySpan<byte> formatEntry = span.Slice(_formatTableOffset + (format * IndexLayout.V2.FormatEntryBytes), IndexLayout.V2.FormatEntryBytes);
        return new IndexEntry(
            IdAt(position),
            PackName(packEntry[0], BinaryPrimitives.ReadUInt32BigEndian(packEntry[1..]), offset),
            timestamp,
            isDeleted,
            BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V2.PackOffsetOffset..]) & ~IndexLayout.DeletedBit,
            packed,
            original,
            BinaryPrimitives.ReadUInt32BigEndian(formatEntry),
            formatEntry[4],
            formatEntry[5]);
    }

    private BlobName PackName(byte length, uint offset, int entryOffset)
    {
        long key = offset | ((long)length << 32);
        if (_packs.TryGetValue(key, out BlobName known))
        {
            return known;
        }

        Require(offset + (long)length <= _bytes.Length, entryOffset, "a pack name within the blob", offset);
        string text = Encoding.Latin1.GetString(_bytes.Span.Slice((int)offset, length));
        Require(BlobName.TryParse(text, out BlobName name), entryOffset, "a pack's name", length);
        _packs.TryAdd(key, name);
        return name;
    }

    private int EntryOffset(int position) => _headerBytes + (position * _entryBytes);

    private ReadOnlySpan<byte> ValueAt(int position) => _bytes.Span.Slice(EntryOffset(position) + KeyLength, _valueBytes);

    private static uint ReadUInt24(ReadOnlySpan<byte> bytes) => ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2];

    private void Require(bool holds, int offset, string expected, long found)
    {
        if (!holds)
        {
            throw new RepositoryCorruptException(Blob, offset, expected, $"{found}");
        }
    }
}
