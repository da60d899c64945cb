using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Hashing;
using BackupFunctions.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>
/// A local file with the decrypted bytes of one index blob, as long as the blob: where the blob has its nonce there is a header, where
/// it has its tag a seal. Local format, of no meaning to others; little-endian:
/// <code>
///  0  4  "BFIX"
///  4  4  version, 1
///  8  4  CRC-32C of the plain bytes
/// 12  n  plain bytes
///  …  16 seal: the start of SHA-256 over the blob's name, its length, the header and some pages that are spread over the plain bytes
/// </code>
/// The seal costs the same for any length: it finds files that are cut, mixed up, or lost pages in a crash. The checksum finds all else,
/// and costs reading everything.
/// </summary>
internal static class IndexFile
{
    private const uint Magic = 0x58494642;
    private const uint Version = 1;
    private const int VersionOffset = sizeof(uint);
    private const int ChecksumOffset = VersionOffset + sizeof(uint);
    private const int HeaderBytes = ContentCipher.NonceBytes;
    private const int SealBytes = RepositoryCrypto.OverheadBytes - HeaderBytes;
    private const int PieceBytes = 1 << 20;
    private const int SampleBytes = 4096;
    private const int Samples = 16;

    /// <summary>Fetches and decrypts a blob into an empty file, in bounded memory.</summary>
    /// <exception cref="RepositoryCorruptException">It has another length, or its bytes were changed; the file holds nothing of use then.</exception>
    public static async Task WriteAsync(SafeFileHandle file, IBlobStore store, BlobInfo blob, RepositoryCrypto crypto, CancellationToken cancellationToken)
    {
        await using Stream stream = await store.OpenReadAsync(blob.Name, range: null, cancellationToken);
        using PooledBytes piece = PooledBytes.Rent(PieceBytes);
        await FillAsync(stream, piece.Memory[..HeaderBytes], blob, cancellationToken);
        using StreamDecryptor decryptor = crypto.StartDecryptBlob(blob.Name, piece.Span[..HeaderBytes]);
        uint checksum = Crc32C.Start;
        long end = blob.LengthBytes - SealBytes;
        for (long offset = HeaderBytes; offset < end;)
        {
            Memory<byte> part = piece.Memory[..(int)Math.Min(PieceBytes, end - offset)];
            await FillAsync(stream, part, blob, cancellationToken);
            decryptor.Decrypt(part.Span);
            checksum = Crc32C.Append(checksum, part.Span);
            RandomAccess.Write(file, part.Span, offset);
            offset += part.Length;
        }

        await FillAsync(stream, piece.Memory[..SealBytes], blob, cancellationToken);
        if (!decryptor.IsAuthentic(piece.Span[..SealBytes]))
        {
            throw RepositoryCrypto.ChangedBlob(blob.Name);
        }

        if (await stream.ReadAsync(piece.Memory[..1], cancellationToken) != 0)
        {
            throw OtherLength(blob);
        }

        Finish(file, blob, ~checksum);
    }

    /// <summary>Whether a file holds the blob.</summary>
    /// <param name="readAll">Also compares the checksum.</param>
    public static bool IsWhole(SafeFileHandle file, BlobInfo blob, bool readAll)
    {
        if (RandomAccess.GetLength(file) != blob.LengthBytes || blob.LengthBytes < RepositoryCrypto.OverheadBytes)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        Span<byte> seal = stackalloc byte[SealBytes];
        return RandomAccess.Read(file, header, 0) == HeaderBytes
            && RandomAccess.Read(file, seal, blob.LengthBytes - SealBytes) == SealBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(header[VersionOffset..]) == Version
            && seal.SequenceEqual(SealOf(file, blob, header))
            && (!readAll || BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]) == ChecksumOf(file, blob));
    }

    /// <summary>Maps the plain bytes.</summary>
    public static IndexSegment Map(SafeFileHandle file, BlobInfo blob)
    {
        MappedBytes mapping = MappedBytes.Map(file, (int)blob.LengthBytes);
        return IndexSegment.Parse(blob.Name.ToString(), mapping.Memory[HeaderBytes..^SealBytes], mapping);
    }

    private static void Finish(SafeFileHandle file, BlobInfo blob, uint checksum)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumOffset..], checksum);
        RandomAccess.Write(file, header, 0);
        RandomAccess.Write(file, SealOf(file, blob, header), blob.LengthBytes - SealBytes);
    }

    private static byte[] SealOf(SafeFileHandle file, BlobInfo blob, ReadOnlySpan<byte> header)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, blob.LengthBytes);
        hash.AppendData(Encoding.UTF8.GetBytes(blob.Name.ToString()));
        hash.AppendData(length);
        hash.AppendData(header);
        Span<byte> sample = stackalloc byte[SampleBytes];
        long last = Math.Max(0, blob.LengthBytes - RepositoryCrypto.OverheadBytes - SampleBytes);
        int limit = (int)Math.Min(SampleBytes, blob.LengthBytes - RepositoryCrypto.OverheadBytes);
        for (int i = 0; i < Samples; i++)
        {
            int count = RandomAccess.Read(file, sample[..limit], HeaderBytes + (last * i / (Samples - 1)));
            hash.AppendData(sample[..count]);
        }

        return hash.GetHashAndReset()[..SealBytes];
    }

    private static uint ChecksumOf(SafeFileHandle file, BlobInfo blob)
    {
        using PooledBytes piece = PooledBytes.Rent(PieceBytes);
        uint checksum = Crc32C.Start;
        long end = blob.LengthBytes - SealBytes;
        for (long offset = HeaderBytes; offset < end;)
        {
            int count = RandomAccess.Read(file, piece.Span[..(int)Math.Min(PieceBytes, end - offset)], offset);
            if (count == 0)
            {
                break; // shorter than it was a moment ago: the checksum will not fit
            }

            checksum = Crc32C.Append(checksum, piece.Span[..count]);
            offset += count;
        }

        return ~checksum;
    }

    private static async Task FillAsync(Stream stream, Memory<byte> part, BlobInfo blob, CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken) < part.Length)
        {
            throw OtherLength(blob);
        }
    }

    private static RepositoryCorruptException OtherLength(BlobInfo blob) => new(blob.Name.ToString(), null, $"{blob.LengthBytes} bytes", "another length");
}
