using System.Buffers.Binary;
using BackupFunctions.Engine.Buffers;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// Writes the framed stream that <see cref="SnappyStream"/> reads: Snappy's, whose blocks Kopia's S2 reads as its own
/// (github.com/klauspost/compress <c>s2</c>: a reader takes both).
/// </summary>
internal static class SnappyStreamEncoder
{
    private const int ChunkHeadBytes = 8; // type, length, checksum
    private const int ChecksumBytes = 4;
    private const byte TypeCompressed = 0x00;
    private const byte TypeUncompressed = 0x01;

    private static ReadOnlySpan<byte> IdentifierChunk => [0xff, 6, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y'];

    /// <summary>A destination of this length is enough whatever the input.</summary>
    public static int MaxLength(int length) => IdentifierChunk.Length + length + (ChunkHeadBytes * ((length / SnappyBlockEncoder.MaxBlockBytes) + 1));

    /// <summary>Compresses all of <paramref name="source"/>; false when it does not fit into <paramref name="destination"/>.</summary>
    public static bool TryCompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (!IdentifierChunk.TryCopyTo(destination))
        {
            return false;
        }
        var at = IdentifierChunk.Length;
        using var scratch = PooledBytes.Rent(SnappyBlockEncoder.MaxLength(Math.Min(source.Length, SnappyBlockEncoder.MaxBlockBytes)));
        while (!source.IsEmpty)
        {
            var block = source[..Math.Min(source.Length, SnappyBlockEncoder.MaxBlockBytes)];
            var length = SnappyBlockEncoder.Encode(block, scratch.Span);
            var isShorter = length < block.Length;
            ReadOnlySpan<byte> body = isShorter ? scratch.Span[..length] : block;
            if (destination.Length - at < ChunkHeadBytes + body.Length)
            {
                return false;
            }
            var chunk = destination[at..];
            BinaryPrimitives.WriteUInt32LittleEndian(chunk, (uint)((body.Length + ChecksumBytes) << 8) | (isShorter ? TypeCompressed : TypeUncompressed));
            BinaryPrimitives.WriteUInt32LittleEndian(chunk[sizeof(uint)..], SnappyStream.MaskedChecksum(block));
            body.CopyTo(chunk[ChunkHeadBytes..]);
            at += ChunkHeadBytes + body.Length;
            source = source[block.Length..];
        }
        written = at;
        return true;
    }
}
