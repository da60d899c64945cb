using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>Turns entries into the bytes of an index blob, in either version.</summary>
internal static class IndexBuilder
{
    /// <summary>Entries of one blob at most; more have to be spread over several.</summary>
    public const int MaxEntries = 16_000_000;

    /// <summary>Sorts by content and keeps of each content the entry that wins.</summary>
    public static List<IndexEntry> SortAndMerge(IEnumerable<IndexEntry> entries)
    {
        List<IndexEntry> sorted = [.. entries];
        sorted.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        Span<IndexEntry> span = CollectionsMarshal.AsSpan(sorted);
        int kept = 0;
        for (int i = 0; i < span.Length; i++)
        {
            if (kept > 0 && span[kept - 1].Id == span[i].Id)
            {
                span[kept - 1] = span[i].Beats(span[kept - 1]) ? span[i] : span[kept - 1];
            }
            else
            {
                span[kept++] = span[i];
            }
        }

        sorted.RemoveRange(kept, sorted.Count - kept);
        return sorted;
    }

    /// <summary>Builds an index of entries that are sorted, unique and of equal key length; at least one.</summary>
    /// <param name="randomTail">Random bytes that are put behind, or none: they give equal indexes different names.</param>
    public static byte[] Build(int version, ReadOnlySpan<IndexEntry> sorted, ReadOnlySpan<byte> randomTail)
    {
        if (sorted.IsEmpty || sorted.Length > MaxEntries)
        {
            throw new ArgumentException($"An index holds 1 to {MaxEntries} entries, not {sorted.Length}.", nameof(sorted));
        }

        return version switch
        {
            1 => BuildV1(sorted, randomTail),
            2 => BuildV2(sorted, randomTail),
            _ => throw new ArgumentOutOfRangeException(nameof(version), version, "Index versions are 1 and 2."),
        };
    }

    private static byte[] BuildV1(ReadOnlySpan<IndexEntry> sorted, ReadOnlySpan<byte> randomTail)
    {
        int keyLength = sorted[0].Id.KeyLength;
        int entryBytes = keyLength + IndexLayout.V1.ValueBytes;
        int namesOffset = checked(IndexLayout.V1.HeaderBytes + (sorted.Length * entryBytes));
        OrderedNames names = OrderedNames.Of(sorted);
        byte[] bytes = new byte[namesOffset + names.TotalBytes + randomTail.Length];
        WriteHeader(bytes, 1, keyLength, IndexLayout.V1.ValueBytes, sorted.Length);
        for (int i = 0; i < sorted.Length; i++)
        {
            (int offset, int length) = names.PlaceOf(sorted[i].Pack);
            WriteEntryV1(sorted[i], keyLength, namesOffset + offset, length, bytes.AsSpan(IndexLayout.V1.HeaderBytes + (i * entryBytes), entryBytes));
        }

        names.CopyTo(bytes.AsSpan(namesOffset));
        randomTail.CopyTo(bytes.AsSpan(namesOffset + names.TotalBytes));
        return bytes;
    }

    private static byte[] BuildV2(ReadOnlySpan<IndexEntry> sorted, ReadOnlySpan<byte> randomTail)
    {
        int keyLength = sorted[0].Id.KeyLength;
        OrderedNames names = OrderedNames.Of(sorted);
        Dictionary<(uint, byte, byte), byte> formats = FormatsOf(sorted, out bool hasLongLengths);
        int valueBytes = ValueBytes(formats.Count, names.Count, hasLongLengths);
        int entryBytes = keyLength + valueBytes;
        int packTable = checked(IndexLayout.V2.HeaderBytes + (sorted.Length * entryBytes));
        int formatTable = packTable + (names.Count * IndexLayout.V2.PackEntryBytes);
        int namesOffset = formatTable + (formats.Count * IndexLayout.V2.FormatEntryBytes);
        byte[] bytes = new byte[namesOffset + names.TotalBytes + randomTail.Length];
        WriteHeader(bytes, 2, keyLength, valueBytes, sorted.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(IndexLayout.V2.PackCountOffset), (uint)names.Count);
        bytes[IndexLayout.V2.FormatCountOffset] = (byte)formats.Count;
        for (int i = 0; i < sorted.Length; i++)
        {
            Span<byte> target = bytes.AsSpan(IndexLayout.V2.HeaderBytes + (i * entryBytes), entryBytes);
            WriteEntryV2(sorted[i], keyLength, names.IndexOf(sorted[i].Pack), formats[FormatOf(sorted[i])], target);
        }

        for (int i = 0; i < names.Count; i++)
        {
            (int offset, int length) = names.PlaceOf(i);
            Span<byte> target = bytes.AsSpan(packTable + (i * IndexLayout.V2.PackEntryBytes));
            target[0] = (byte)length;
            BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)(namesOffset + offset));
        }

        foreach (((uint compression, byte version, byte encryptionKey), byte index) in formats)
        {
            Span<byte> target = bytes.AsSpan(formatTable + (index * IndexLayout.V2.FormatEntryBytes));
            BinaryPrimitives.WriteUInt32BigEndian(target, compression);
            target[4] = version;
            target[5] = encryptionKey;
        }

        names.CopyTo(bytes.AsSpan(namesOffset));
        randomTail.CopyTo(bytes.AsSpan(namesOffset + names.TotalBytes));
        return bytes;
    }

    /// <summary>Writes key and value of one entry in version 1.</summary>
    /// <param name="nameOffset">Where the pack's name lies in the blob.</param>
    internal static void WriteEntryV1(in IndexEntry entry, int keyLength, int nameOffset, int nameLength, Span<byte> target)
    {
        RequireFits(entry, keyLength);
        Span<byte> key = stackalloc byte[ContentId.MaxKeyLength];
        entry.Id.CopyKeyTo(key);
        key[..keyLength].CopyTo(target);
        Span<byte> value = target[keyLength..];
        BinaryPrimitives.WriteUInt64BigEndian(value, (ulong)entry.TimestampSeconds << 16);
        value[IndexLayout.V1.FormatVersionOffset] = entry.FormatVersion;
        value[IndexLayout.V1.PackNameLengthOffset] = (byte)nameLength;
        BinaryPrimitives.WriteUInt32BigEndian(value[IndexLayout.V1.PackNameOffset..], (uint)nameOffset);
        BinaryPrimitives.WriteUInt32BigEndian(value[IndexLayout.V1.PackOffsetOffset..], OffsetField(entry));
        BinaryPrimitives.WriteUInt32BigEndian(value[IndexLayout.V1.PackedBytesOffset..], entry.PackedBytes);
    }

    /// <summary>Writes key and value of one entry in version 2; the value takes the rest of <paramref name="target"/>.</summary>
    internal static void WriteEntryV2(in IndexEntry entry, int keyLength, int pack, byte format, Span<byte> target)
    {
        RequireFits(entry, keyLength);
        Span<byte> key = stackalloc byte[ContentId.MaxKeyLength];
        entry.Id.CopyKeyTo(key);
        key[..keyLength].CopyTo(target);
        Span<byte> value = target[keyLength..];
        BinaryPrimitives.WriteUInt32BigEndian(value, checked((uint)entry.TimestampSeconds));
        BinaryPrimitives.WriteUInt32BigEndian(value[IndexLayout.V2.PackOffsetOffset..], OffsetField(entry));
        WriteUInt24(value[IndexLayout.V2.OriginalBytesOffset..], entry.OriginalBytes);
        WriteUInt24(value[IndexLayout.V2.PackedBytesOffset..], entry.PackedBytes);
        BinaryPrimitives.WriteUInt16BigEndian(value[IndexLayout.V2.PackIndexOffset..], (ushort)pack);
        if (value.Length > IndexLayout.V2.FormatIndexOffset)
        {
            value[IndexLayout.V2.FormatIndexOffset] = format;
        }

        if (value.Length > IndexLayout.V2.HighPackIndexOffset)
        {
            value[IndexLayout.V2.HighPackIndexOffset] = (byte)(pack >> 16);
        }

        if (value.Length > IndexLayout.V2.HighLengthsOffset)
        {
            value[IndexLayout.V2.HighLengthsOffset] = (byte)(((entry.OriginalBytes >> 24) << 4) | (entry.PackedBytes >> 24));
        }
    }

    private static Dictionary<(uint, byte, byte), byte> FormatsOf(ReadOnlySpan<IndexEntry> sorted, out bool hasLongLengths)
    {
        const uint ShortLimit = 1u << 24;
        Dictionary<(uint, byte, byte), byte> formats = [];
        hasLongLengths = false;
        foreach (ref readonly IndexEntry entry in sorted)
        {
            hasLongLengths |= entry.OriginalBytes >= ShortLimit || entry.PackedBytes >= ShortLimit;
            formats.TryAdd(FormatOf(entry), (byte)formats.Count);
        }

        return formats.Count <= IndexLayout.V2.MaxFormats
            ? formats
            : throw new ArgumentException($"An index knows {IndexLayout.V2.MaxFormats} ways of storing, not {formats.Count}.", nameof(sorted));
    }

    private static int ValueBytes(int formats, int packs, bool hasLongLengths)
    {
        const int ShortPacks = 1 << 16;
        if (hasLongLengths)
        {
            return IndexLayout.V2.MaxValueBytes;
        }

        if (packs > ShortPacks)
        {
            return IndexLayout.V2.HighLengthsOffset;
        }

        return formats > 1 ? IndexLayout.V2.HighPackIndexOffset : IndexLayout.V2.MinValueBytes;
    }

    internal static (uint Compression, byte FormatVersion, byte EncryptionKey) FormatOf(in IndexEntry entry) => (entry.CompressionHeader, entry.FormatVersion, entry.EncryptionKey);

    private static uint OffsetField(in IndexEntry entry) => entry.PackOffset | (entry.IsDeleted ? IndexLayout.DeletedBit : 0);

    private static void RequireFits(in IndexEntry entry, int keyLength)
    {
        if (entry.Id.KeyLength != keyLength || entry.PackOffset > IndexEntry.MaxPackOffset
            || entry.PackedBytes >= IndexEntry.LengthLimit || entry.OriginalBytes >= IndexEntry.LengthLimit)
        {
            throw new ArgumentException($"The content {entry.Id} does not fit into this index.", nameof(entry));
        }
    }

    internal static void WriteHeader(Span<byte> bytes, int version, int keyLength, int valueBytes, int count)
    {
        bytes[IndexLayout.VersionOffset] = (byte)version;
        bytes[IndexLayout.KeySizeOffset] = (byte)keyLength;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[IndexLayout.ValueSizeOffset..], (ushort)valueBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[IndexLayout.CountOffset..], (uint)count);
    }

    private static void WriteUInt24(Span<byte> bytes, uint value)
    {
        bytes[0] = (byte)(value >> 16);
        bytes[1] = (byte)(value >> 8);
        bytes[2] = (byte)value;
    }

    /// <summary>The distinct pack names of some entries in the order of their first appearance, each stored once.</summary>
    private sealed class OrderedNames
    {
        private readonly Dictionary<BlobName, int> _indexes = [];
        private readonly List<(byte[] Name, int Offset)> _names = [];

        public int Count => _names.Count;

        public int TotalBytes { get; private set; }

        public static OrderedNames Of(ReadOnlySpan<IndexEntry> entries)
        {
            OrderedNames names = new();
            foreach (ref readonly IndexEntry entry in entries)
            {
                if (names._indexes.TryAdd(entry.Pack, names.Count))
                {
                    byte[] name = Encoding.Latin1.GetBytes(entry.Pack.ToString());
                    names._names.Add((name, names.TotalBytes));
                    names.TotalBytes += name.Length;
                }
            }

            return names.Count <= IndexLayout.V2.MaxPacks
                ? names
                : throw new ArgumentException($"An index knows {IndexLayout.V2.MaxPacks} packs, not {names.Count}.", nameof(entries));
        }

        public int IndexOf(BlobName pack) => _indexes[pack];

        public (int Offset, int Length) PlaceOf(int index) => (_names[index].Offset, _names[index].Name.Length);

        public (int Offset, int Length) PlaceOf(BlobName pack) => PlaceOf(IndexOf(pack));

        public void CopyTo(Span<byte> destination)
        {
            foreach ((byte[] name, int offset) in _names)
            {
                name.CopyTo(destination[offset..]);
            }
        }
    }
}
