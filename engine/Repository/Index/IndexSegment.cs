using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// One decrypted index blob, searched in place: nothing is unpacked but the names of packs that were asked for, once each.
/// Parsing checks that all tables lie within the bytes; what an entry points to is checked when the entry is read.
/// Immutable and thread-safe. The bytes may be mapped, so whoever reads them keeps the segment alive meanwhile.
/// </summary>
internal sealed class IndexSegment
{
    /// <summary>Unread entry of <see cref="_ranges"/>.</summary>
    private const long UnknownRange = -1;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly MappedBytes? _mapping;
    private readonly int _version;
    private readonly int _headerBytes;
    private readonly int _valueBytes;
    private readonly int _entryBytes;
    private readonly int _packTableOffset;
    private readonly int _packCount;
    private readonly int _formatTableOffset;
    private readonly int _formatCount;
    private readonly uint _baseTimestamp;

    /// <summary>For each letter a key may start with: first position above bit 32, the one after the last below; found when first asked for.</summary>
    private readonly long[] _ranges = [.. Enumerable.Repeat(UnknownRange, 2 + 'z' - 'g')];

    /// <summary>Version 1: pack names by where they lie in the blob: offset, and length above bit 32.</summary>
    private readonly ConcurrentDictionary<long, BlobName> _packs = new();

    /// <summary>Version 2: pack names by their number, for those that were asked for.</summary>
    private BlobName[]? _numberedPacks;

    private IndexSegment(string blob, ReadOnlyMemory<byte> bytes, MappedBytes? mapping)
    {
        Blob = blob;
        _bytes = bytes;
        _mapping = mapping;
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

    /// <summary>Bytes of the blob when they are mapped, else 0.</summary>
    public int MappedByteCount => _mapping is null ? 0 : _bytes.Length;

    /// <summary>Bytes of the blob when they are in memory, else 0.</summary>
    public int MemoryByteCount => _mapping is null ? _bytes.Length : 0;

    /// <param name="mapping">What the bytes are mapped by, if they are.</param>
    /// <exception cref="RepositoryCorruptException">The bytes are not an index.</exception>
    public static IndexSegment Parse(string blob, ReadOnlyMemory<byte> bytes, MappedBytes? mapping = null) => new(blob, bytes, mapping);

    /// <summary>Takes what was read of a mapped blob out of this process's memory.</summary>
    public void ReleasePages() => _mapping?.ReleasePages();

    /// <summary>Position of the first entry whose key is not less than the given one, which may be the start of keys.</summary>
    public int LowerBound(ReadOnlySpan<byte> key)
    {
        int position = LowerBound(_bytes.Span, key, 0, Count);
        GC.KeepAlive(this);
        return position;
    }

    /// <summary>
    /// Position of the entry with this key, or -1. Hashes are spread evenly, so a guess by the hash's first bytes lands near; two guesses
    /// and a few steps touch two or three pages where a binary search would touch twenty.
    /// </summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength || !ContentId.IsKeyPrefix(key[0]))
        {
            return -1;
        }

        (int low, int high) = RangeOf(key[0]);
        ReadOnlySpan<byte> span = _bytes.Span;
        if (KeyLength > sizeof(ulong))
        {
            (low, high) = Approach(span, key, low, high);
        }

        int position = LowerBound(span, key, low, high);
        bool isFound = position < Count && KeyAt(span, position).SequenceEqual(key);
        GC.KeepAlive(this);
        return isFound ? position : -1;
    }

    /// <summary>Whether the entry has this key.</summary>
    public bool HasKeyAt(int position, ReadOnlySpan<byte> key)
    {
        bool isSame = key.Length == KeyLength && KeyAt(_bytes.Span, position).SequenceEqual(key);
        GC.KeepAlive(this);
        return isSame;
    }

    /// <summary>Copies the key of an entry; returns its length.</summary>
    public int CopyKeyAt(int position, Span<byte> destination)
    {
        KeyAt(_bytes.Span, position).CopyTo(destination);
        GC.KeepAlive(this);
        return KeyLength;
    }

    /// <summary>The content of an entry.</summary>
    public ContentId IdAt(int position)
    {
        int offset = EntryOffset(position);
        ReadOnlySpan<byte> key = _bytes.Span.Slice(offset, KeyLength);
        Require(ContentId.IsKeyPrefix(key[0]), offset, "a key that starts with no letter or g to z", key[0]);
        ContentId id = ContentId.FromKey(key);
        GC.KeepAlive(this);
        return id;
    }

    /// <summary>When an entry was written, and whether it is a deletion.</summary>
    public (long TimestampSeconds, bool IsDeleted) StateAt(int position)
    {
        ReadOnlySpan<byte> value = ValueAt(position);
        int offsetField = _version == 1 ? IndexLayout.V1.PackOffsetOffset : IndexLayout.V2.PackOffsetOffset;
        bool isDeleted = (BinaryPrimitives.ReadUInt32BigEndian(value[offsetField..]) & IndexLayout.DeletedBit) != 0;
        long timestamp = _version == 1
            ? (long)(BinaryPrimitives.ReadUInt64BigEndian(value) >> 16)
            : _baseTimestamp + (long)BinaryPrimitives.ReadUInt32BigEndian(value);
        GC.KeepAlive(this);
        return (timestamp, isDeleted);
    }

    /// <exception cref="RepositoryCorruptException">The entry points outside the blob's tables.</exception>
    public IndexEntry EntryAt(int position)
    {
        IndexEntry entry = _version == 1 ? EntryV1(position) : EntryV2(position);
        GC.KeepAlive(this);
        return entry;
    }

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
        if (pack >= _packCount || format >= _formatCount)
        {
            Require(pack < _packCount, offset, $"one of {_packCount} packs", pack);
            Require(format < _formatCount, offset, $"one of {_formatCount} formats", format);
        }

        ReadOnlySpan<byte> span = _bytes.Span;
        ReadOnlySpan<byte> packEntry = span.Slice(_packTableOffset + ((int)pack * IndexLayout.V2.PackEntryBytes), IndexLayout.V2.PackEntryBytes);
        ReadOnlySpan<byte> formatEntry = span.Slice(_formatTableOffset + (format * IndexLayout.V2.FormatEntryBytes), IndexLayout.V2.FormatEntryBytes);
        return new IndexEntry(
            IdAt(position),
            NumberedPack((int)pack, packEntry, offset),
            timestamp,
            isDeleted,
            BinaryPrimitives.ReadUInt32BigEndian(value[IndexLayout.V2.PackOffsetOffset..]) & ~IndexLayout.DeletedBit,
            packed,
            original,
            BinaryPrimitives.ReadUInt32BigEndian(formatEntry),
            formatEntry[4],
            formatEntry[5]);
    }

    private BlobName NumberedPack(int number, ReadOnlySpan<byte> packEntry, int entryOffset)
    {
        BlobName[]? names = Volatile.Read(ref _numberedPacks);
        if (names is null)
        {
            BlobName[] made = new BlobName[_packCount];
            names = Interlocked.CompareExchange(ref _numberedPacks, made, null) ?? made;
        }

        BlobName name = names[number];
        if (name == default)
        {
            name = ReadPackName(packEntry[0], BinaryPrimitives.ReadUInt32BigEndian(packEntry[1..]), entryOffset);
            names[number] = name; // several threads may do so with equal names
        }

        return name;
    }

    private BlobName PackName(byte length, uint offset, int entryOffset)
    {
        long key = offset | ((long)length << 32);
        if (!_packs.TryGetValue(key, out BlobName name))
        {
            name = ReadPackName(length, offset, entryOffset);
            _packs.TryAdd(key, name);
        }

        return name;
    }

    private BlobName ReadPackName(byte length, uint offset, int entryOffset)
    {
        Require(offset + (long)length <= _bytes.Length, entryOffset, "a pack name within the blob", offset);
        string text = Encoding.Latin1.GetString(_bytes.Span.Slice((int)offset, length));
        Require(BlobName.TryParse(text, out BlobName name), entryOffset, "a pack's name", length);
        return name;
    }

    /// <summary>Positions of all keys with a letter.</summary>
    private (int First, int End) RangeOf(byte prefix)
    {
        ref long known = ref _ranges[prefix == 0 ? 0 : 1 + prefix - 'g'];
        long range = Volatile.Read(ref known);
        if (range == UnknownRange)
        {
            int first = LowerBound([prefix]);
            int end = Math.Max(first, LowerBound([(byte)(prefix + 1)])); // less only where entries are not sorted
            range = ((long)first << 32) | (uint)end;
            Volatile.Write(ref known, range);
        }

        return ((int)(range >> 32), (int)(uint)range);
    }

    /// <summary>Narrows a range of keys with one letter around where a key must be, guessing by its hash's first bytes.</summary>
    private (int Low, int High) Approach(ReadOnlySpan<byte> span, ReadOnlySpan<byte> key, int low, int high)
    {
        const int NearEnough = 16;
        const int FirstStep = 8;
        ulong head = HeadOf(key);
        (ulong lowHead, ulong highHead) = (0, ulong.MaxValue);
        bool isAbove = false; // the guess
        for (int i = 0; i < 2 && high - low > NearEnough; i++)
        {
            double share = (head - lowHead) / ((double)(highHead - lowHead) + 1);
            int guess = Math.Clamp(low + (int)(share * (high - low)), low, high - 1);
            ReadOnlySpan<byte> found = KeyAt(span, guess);
            isAbove = found.SequenceCompareTo(key) >= 0;
            (low, lowHead, high, highHead) = isAbove ? (low, lowHead, guess, HeadOf(found)) : (guess + 1, HeadOf(found), high, highHead);
        }

        // The last guess is near: go away from it in growing steps until the other side is passed.
        for (int step = FirstStep; high - low > NearEnough && step < high - low; step *= 4)
        {
            int probe = isAbove ? high - step : low + step - 1;
            if (KeyAt(span, probe).SequenceCompareTo(key) >= 0)
            {
                high = probe;
                if (!isAbove)
                {
                    break;
                }
            }
            else
            {
                low = probe + 1;
                if (isAbove)
                {
                    break;
                }
            }
        }

        return (low, high);
    }

    private int LowerBound(ReadOnlySpan<byte> span, ReadOnlySpan<byte> key, int low, int high)
    {
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (KeyAt(span, middle).SequenceCompareTo(key) < 0)
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

    private ReadOnlySpan<byte> KeyAt(ReadOnlySpan<byte> span, int position) => span.Slice(EntryOffset(position), KeyLength);

    private static ulong HeadOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key[1..]);

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
