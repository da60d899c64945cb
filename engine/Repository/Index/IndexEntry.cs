using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>Where a content is stored, or that it is deleted.</summary>
internal readonly record struct IndexEntry(
    ContentId Id,
    BlobName Pack,
    long TimestampSeconds,
    bool IsDeleted,
    uint PackOffset,
    uint PackedBytes,
    uint OriginalBytes,
    uint CompressionHeader,
    byte FormatVersion,
    byte EncryptionKey)
{
    /// <summary>First bit that an offset in a pack cannot have in any index version that is written.</summary>
    public const uint MaxPackOffset = (1u << 30) - 1;

    /// <summary>Lengths are below this.</summary>
    public const uint LengthLimit = 1u << 28;

    /// <summary>Of two entries of one content: the later, then the one not deleted, then the one in the pack of the greater name.</summary>
    public bool Beats(in IndexEntry other)
    {
        if (TimestampSeconds != other.TimestampSeconds)
        {
            return TimestampSeconds > other.TimestampSeconds;
        }

        return IsDeleted != other.IsDeleted ? !IsDeleted : Pack > other.Pack;
    }

    /// <summary>The same content marked as deleted at the given time, or a second after this entry if that is later.</summary>
    public IndexEntry Deleted(long nowSeconds) => this with { IsDeleted = true, TimestampSeconds = Math.Max(nowSeconds, TimestampSeconds + 1) };
}
