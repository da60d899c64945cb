using System.Buffers.Binary;
using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>
/// The copy of the format blob at the start of every pack of a version-1 repository: length (2 bytes, little-endian), the blob's
/// bytes and their HMAC-SHA256 under a fixed key, the length again (docs/repository-format.md, "Packs").
/// </summary>
internal static class RecoverableFormat
{
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
}
