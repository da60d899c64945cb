using System.Buffers.Binary;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// Writes one compressed block of Snappy, which S2's readers take too. Source of the format: github.com/google/snappy
/// <c>format_description.txt</c>. Greedy: of each four bytes the last place they were met is tried.
/// </summary>
internal static class SnappyBlockEncoder
{
    /// <summary>Snappy's largest block; all its offsets fit into two bytes.</summary>
    public const int MaxBlockBytes = 64 << 10;

    private const int HashBits = 13;
    private const int LeastMatch = 4;

    // After so many bytes without a match every second place is tried, then every third, and so on.
    private const int PatienceShift = 5;
    private const int LongestCopy = 64;

    /// <summary>The most that a block of this many bytes takes: its length, and a tag of up to three bytes for each literal, which a copy of four bytes pays for.</summary>
    public static int MaxLength(int length) => length + (length / LeastMatch) + 16;

    /// <summary>Compresses a block into a destination of <see cref="MaxLength"/>; returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.Length, MaxBlockBytes);
        Span<ushort> places = stackalloc ushort[1 << HashBits];
        places.Clear();
        var written = WriteLength(destination, source.Length);
        var literal = 0;
        var at = 1; // the table's zeros mean the first place
        while (at <= source.Length - LeastMatch)
        {
            var four = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            ref var place = ref places[(int)((four * 0x9E3779B1u) >> (32 - HashBits))];
            int candidate = place;
            place = (ushort)at;
            if (BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != four)
            {
                at += 1 + ((at - literal) >> PatienceShift);
                continue;
            }
            var length = LeastMatch + source[(at + LeastMatch)..].CommonPrefixLength(source[(candidate + LeastMatch)..]);
            written += WriteLiteral(destination[written..], source[literal..at]);
            written += WriteCopy(destination[written..], at - candidate, length);
            at += length;
            literal = at;
        }
        return written + WriteLiteral(destination[written..], source[literal..]);
    }

    private static int WriteLength(Span<byte> destination, int length)
    {
        var written = 0;
        for (; length >= 0x80; length >>= 7)
        {
            destination[written++] = (byte)(length | 0x80);
        }
        destination[written++] = (byte)length;
        return written;
    }

    private static int WriteLiteral(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        const int longestInTag = 60;
        if (bytes.IsEmpty)
        {
            return 0;
        }
        var last = bytes.Length - 1;
        var head = last < longestInTag ? 1 : last <= byte.MaxValue ? 2 : 3;
        destination[0] = (byte)((head == 1 ? last : longestInTag + head - 2) << 2);
        if (head > 1)
        {
            destination[1] = (byte)last;
        }
        if (head > 2)
        {
            destination[2] = (byte)(last >> 8);
        }
        bytes.CopyTo(destination[head..]);
        return head + bytes.Length;
    }

    private static int WriteCopy(Span<byte> destination, int offset, int length)
    {
        const int longestShort = 11, farthestShort = 2047;
        var written = 0;
        while (length > LongestCopy)
        {
            // What is left must be long enough for a copy of its own.
            var part = Math.Min(LongestCopy, length - LeastMatch);
            written += WriteFarCopy(destination[written..], offset, part);
            length -= part;
        }
        if (length > longestShort || offset > farthestShort)
        {
            return written + WriteFarCopy(destination[written..], offset, length);
        }
        destination[written] = (byte)(((offset >> 8) << 5) | ((length - LeastMatch) << 2) | 1);
        destination[written + 1] = (byte)offset;
        return written + 2;
    }

    private static int WriteFarCopy(Span<byte> destination, int offset, int length)
    {
        destination[0] = (byte)(((length - 1) << 2) | 2);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)offset);
        return 3;
    }
}
