using System.Buffers.Binary;
using System.Numerics;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// Reads the framed stream of Snappy and S2. Sources: github.com/google/snappy <c>framing_format.txt</c>;
/// github.com/klauspost/compress <c>s2</c> (own identifier, blocks up to 4 MiB). A chunk is
/// <c>type(1) || length(3, little-endian) || body</c>; a data chunk's body starts with a masked CRC-32C of the plain bytes.
/// </summary>
internal static class SnappyStream
{
    private const int HeaderBytes = 4;
    private const int ChecksumBytes = 4;
    private const byte TypeCompressed = 0x00;
    private const byte TypeUncompressed = 0x01;
    private const byte FirstSkippable = 0x80;
    private const byte TypeIdentifier = 0xff;

    private static ReadOnlySpan<byte> SnappyIdentifier => "sNaPpY"u8;

    private static ReadOnlySpan<byte> S2Identifier => "S2sTwO"u8;

    /// <summary>Decodes all of <paramref name="source"/> into the start of <paramref name="destination"/>.</summary>
    public static DecodeOutcome Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        var identified = false;
        while (!source.IsEmpty)
        {
            if (source.Length < HeaderBytes)
            {
                return DecodeOutcome.Damaged;
            }
            var type = source[0];
            var length = source[1] | (source[2] << 8) | (source[3] << 16);
            if (length > source.Length - HeaderBytes)
            {
                return DecodeOutcome.Damaged;
            }
            var body = source.Slice(HeaderBytes, length);
            source = source[(HeaderBytes + length)..];
            switch (type)
            {
                case TypeIdentifier when body.SequenceEqual(S2Identifier) || body.SequenceEqual(SnappyIdentifier):
                    identified = true;
                    break;
                case TypeCompressed or TypeUncompressed when identified && length >= ChecksumBytes:
                    var outcome = DecodeChunk(type, body, destination[written..], out var count);
                    if (outcome != DecodeOutcome.Done)
                    {
                        return outcome;
                    }
                    written += count;
                    break;
                case >= FirstSkippable and < TypeIdentifier when identified:
                    break;
                default:
                    return DecodeOutcome.Damaged;
            }
        }
        return identified ? DecodeOutcome.Done : DecodeOutcome.Damaged;
    }

    private static DecodeOutcome DecodeChunk(byte type, ReadOnlySpan<byte> body, Span<byte> destination, out int written)
    {
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(body);
        body = body[ChecksumBytes..];
        var outcome = DecodeOutcome.Done;
        if (type == TypeCompressed)
        {
            outcome = SnappyBlock.Decode(body, destination, out written);
        }
        else
        {
            written = body.Length;
            outcome = body.Length > SnappyBlock.MaxBlockBytes ? DecodeOutcome.Damaged
                : body.TryCopyTo(destination) ? DecodeOutcome.Done : DecodeOutcome.DestinationTooSmall;
        }
        return outcome == DecodeOutcome.Done && MaskedChecksum(destination[..written]) != expected ? DecodeOutcome.Damaged : outcome;
    }

    /// <summary>CRC-32C, turned and shifted so that the checksum of data holding checksums stays sound.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
