namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// Offsets of the two index formats, all integers big-endian; a header, entries sorted by key, tables, then the packs' names
/// (docs/repository-format.md, "Index blobs"; Kopia's repo/content/index/index_v1.go and index_v2.go, v0.23.1).
/// </summary>
internal static class IndexLayout
{
    public const int VersionOffset = 0;
    public const int KeySizeOffset = VersionOffset + 1;
    public const int ValueSizeOffset = KeySizeOffset + 1;
    public const int CountOffset = ValueSizeOffset + sizeof(ushort);

    /// <summary>Longest entry.</summary>
    public const int MaxEntryBytes = 256;

    /// <summary>Bit of the offset field that marks a deletion.</summary>
    public const uint DeletedBit = 1u << 31;

    /// <summary>Version 1.</summary>
    public static class V1
    {
        public const int HeaderBytes = CountOffset + sizeof(uint);

        /// <summary>What Kopia puts as the key size of an index without entries.</summary>
        public const int EmptyKeySize = 255;

        public const int TimestampOffset = 0; // 6 bytes
        public const int FormatVersionOffset = TimestampOffset + 6;
        public const int PackNameLengthOffset = FormatVersionOffset + 1;
        public const int PackNameOffset = PackNameLengthOffset + 1;
        public const int PackOffsetOffset = PackNameOffset + sizeof(uint);
        public const int PackedBytesOffset = PackOffsetOffset + sizeof(uint);
        public const int ValueBytes = PackedBytesOffset + sizeof(uint);
    }

    /// <summary>Version 2.</summary>
    public static class V2
    {
        public const int PackCountOffset = CountOffset + sizeof(uint);
        public const int FormatCountOffset = PackCountOffset + sizeof(uint);
        public const int BaseTimestampOffset = FormatCountOffset + 1;
        public const int HeaderBytes = BaseTimestampOffset + sizeof(uint);

        public const int TimestampOffset = 0;
        public const int PackOffsetOffset = TimestampOffset + sizeof(uint);
        public const int OriginalBytesOffset = PackOffsetOffset + sizeof(uint); // bits 0 to 23
        public const int PackedBytesOffset = OriginalBytesOffset + 3; // bits 0 to 23
        public const int PackIndexOffset = PackedBytesOffset + 3; // bits 0 to 15
        public const int MinValueBytes = PackIndexOffset + sizeof(ushort);
        public const int FormatIndexOffset = MinValueBytes; // if the value is long enough
        public const int HighPackIndexOffset = FormatIndexOffset + 1; // bits 16 to 23
        public const int HighLengthsOffset = HighPackIndexOffset + 1; // bits 24 to 27: original in the high nibble, packed in the low
        public const int MaxValueBytes = HighLengthsOffset + 1;

        public const int PackEntryBytes = 1 + sizeof(uint); // length of the name, its offset
        public const int FormatEntryBytes = sizeof(uint) + 1 + 1; // compression header, format version, encryption key
        public const int MaxFormats = 255;
        public const int MaxPacks = 1 << 24;
    }
}
