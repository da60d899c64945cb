using System.Buffers.Binary;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// One compressed block of Snappy, with the repeat codes that S2 adds. Sources: github.com/google/snappy
/// <c>format_description.txt</c>; github.com/klauspost/compress <c>s2</c> (a copy with one offset byte and offset zero repeats
/// the last offset, and its length may run on in one to three further bytes). Little-endian.
/// </summary>
internal static class SnappyBlock
{
    /// <summary>S2's largest block; Snappy's is 64 KiB.</summary>
    public const int MaxBlockBytes = 4 << 20;

    private const int MaxLengthBytes = 5;

    /// <summary>Decodes all of <paramref name="source"/> into the start of <paramref name="destination"/>.</summary>
    public static DecodeOutcome Decode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (!TryReadLength(ref source, out var length))
        {
            return DecodeOutcome.Damaged;
        }
        if (length > destination.Length)
        {
            return DecodeOutcome.DestinationTooSmall;
        }
        var block = destination[..length];
        var at = 0;
        var offset = 0;
        while (!source.IsEmpty)
        {
            var ok = (source[0] & 3) == 0
                ? TryCopyLiteral(ref source, block, ref at)
                : TryReadCopy(ref source, ref offset, out var count) && BackReference.TryCopy(block, ref at, offset, count);
            if (!ok)
            {
                return DecodeOutcome.Damaged;
            }
        }
        written = at;
        return at == length ? DecodeOutcome.Done : DecodeOutcome.Damaged;
    }

    // The decoded length: seven bits a byte, lowest first.
    private static bool TryReadLength(ref ReadOnlySpan<byte> source, out int length)
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(MaxLengthBytes, source.Length); i++)
        {
            value |= (ulong)(source[i] & 0x7f) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                length = (int)Math.Min(value, int.MaxValue);
                return value <= MaxBlockBytes;
            }
        }
        length = 0;
        return false;
    }

    private static bool TryCopyLiteral(ref ReadOnlySpan<byte> source, Span<byte> block, ref int at)
    {
        // Up to 60 the length lies in the tag, else in the one to four bytes after it.
        const int longest = 60;
        var code = source[0] >> 2;
        var extra = Math.Max(0, code - longest + 1);
        if (source.Length < 1 + extra)
        {
            return false;
        }
        long length = code;
        if (extra > 0)
        {
            length = 0;
            for (var i = 0; i < extra; i++)
            {
                length |= (long)source[1 + i] << (8 * i);
            }
        }
        length++;
        source = source[(1 + extra)..];
        if (length > source.Length || length > block.Length - at)
        {
            return false;
        }
        source[..(int)length].CopyTo(block[at..]);
        at += (int)length;
        source = source[(int)length..];
        return true;
    }

    private static bool TryReadCopy(ref ReadOnlySpan<byte> source, ref int offset, out int count)
    {
        count = 0;
        var tag = source[0];
        switch (tag & 3)
        {
            case 1 when source.Length >= 2:
                var near = ((tag & 0xe0) << 3) | source[1];
                count = (tag >> 2) & 7;
                source = source[2..];
                if (near == 0)
                {
                    return TryReadRepeat(ref source, ref count);
                }
                offset = near;
                count += 4;
                return true;
            case 2 when source.Length >= 3:
                offset = BinaryPrimitives.ReadUInt16LittleEndian(source[1..]);
                count = (tag >> 2) + 1;
                source = source[3..];
                return true;
            case 3 when source.Length >= 5:
                offset = BinaryPrimitives.ReadInt32LittleEndian(source[1..]);
                count = (tag >> 2) + 1;
                source = source[5..];
                return true;
            default:
                return false;
        }
    }

    // Codes 5, 6 and 7 put the length into one, two and three bytes, each starting where the shorter form ends.
    private static bool TryReadRepeat(ref ReadOnlySpan<byte> source, ref int count)
    {
        var extra = Math.Max(0, count - 4);
        if (source.Length < extra)
        {
            return false;
        }
        count = 4 + extra switch
        {
            0 => count,
            1 => 4 + source[0],
            2 => (1 << 8) + BinaryPrimitives.ReadUInt16LittleEndian(source),
            _ => (1 << 16) + (source[0] | (source[1] << 8) | (source[2] << 16)),
        };
        source = source[extra..];
        return true;
    }
}
