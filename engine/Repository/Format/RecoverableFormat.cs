using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>
/// The copy of the format blob at the start of every pack of a version-1 repository: length (2 bytes, little-endian), the blob's
/// bytes and their HMAC-SHA256 under a fixed key, the length again (docs/repository-format.md, "Packs").
/// </summary>
internal static class RecoverableFormat
{
    /// <summary>The copy is never longer.</summary>
    public const int MaxBytes = LengthBytes + MaxBlockBytes + LengthBytes;

    private const int LengthBytes = sizeof(ushort);
    private const int MaxBlockBytes = 65_000;

    private static ReadOnlySpan<byte> ChecksumKey => "kopia-repository"u8;

    public static byte[] Encode(ReadOnlySpan<byte> formatBlob)
    {
        int block = formatBlob.Length + HMACSHA256.HashSizeInBytes;
        if (block > MaxBlockBytes)
        {
            throw new RepositoryCorruptException(FormatBlob.BlobId, null, $"at most {MaxBlockBytes - HMACSHA256.HashSizeInBytes} bytes", $"{formatBlob.Length}");
        }

        byte[] bytes = new byte[LengthBytes + block + LengthBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)block);
        formatBlob.CopyTo(bytes.AsSpan(LengthBytes));
        HMACSHA256.HashData(ChecksumKey, formatBlob, bytes.AsSpan(LengthBytes + formatBlob.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(LengthBytes + block), (ushort)block);
        return bytes;
    }

    /// <summary>The format blob that a pack starts with; null when it starts with anything else, or with a damaged copy.</summary>
    /// <param name="start">The first <see cref="MaxBytes"/> of the pack, or all of it.</param>
    /// <param name="length">How long the copy is.</param>
    public static byte[]? TryDecode(ReadOnlySpan<byte> start, out int length)
    {
        length = 0;
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(start, out ushort block) || block is < HMACSHA256.HashSizeInBytes or > MaxBlockBytes
            || start.Length < LengthBytes + block + LengthBytes
            || BinaryPrimitives.ReadUInt16LittleEndian(start[(LengthBytes + block)..]) != block)
        {
            return null;
        }

        ReadOnlySpan<byte> blob = start.Slice(LengthBytes, block - HMACSHA256.HashSizeInBytes);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(ChecksumKey, blob), start.Slice(LengthBytes + blob.Length, HMACSHA256.HashSizeInBytes)))
        {
            return null;
        }

        length = LengthBytes + block + LengthBytes;
        return blob.ToArray();
    }
}
