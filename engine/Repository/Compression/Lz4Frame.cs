using System.Buffers.Binary;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// LZ4 frames, read only: kopia wrote them until v0.22. Source: github.com/lz4/lz4 <c>doc/lz4_Frame_format.md</c> and
/// <c>doc/lz4_Block_format.md</c>. Little-endian. A frame is <c>magic(4) || FLG || BD || [content size(8)] || header checksum</c>,
/// then blocks of <c>size(4, high bit = stored plain) || data || [checksum(4)]</c>, a zero, and perhaps a checksum of the content.
/// </summary>
internal static class Lz4Frame
{
    private const uint Magic = 0x184d2204;
    private const uint FirstSkippableMagic = 0x184d2a50;
    private const uint SkippableMagicMask = 0xfffffff0;
    private const uint PlainBlock = 0x80000000;
    private const byte FlagBlocksIndependent = 0x20;
    private const byte FlagBlockChecksum = 0x10;
    private const byte FlagContentSize = 0x08;
    private const byte FlagContentChecksum = 0x04;
    private const byte FlagDictionary = 0x01;
    private const int WordBytes = sizeof(uint);
    private const int MaxBlockBytes = 4 << 20;

    /// <summary>Decodes all of <paramref name="source"/>, one or more frames, into the start of <paramref name="destination"/>.</summary>
    public static DecodeOutcome Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        var outcome = source.IsEmpty ? DecodeOutcome.Damaged : DecodeOutcome.Done;
        while (!source.IsEmpty && outcome == DecodeOutcome.Done)
        {
            if (!TryReadWord(ref source, out var magic))
            {
                return DecodeOutcome.Damaged;
            }
            if ((magic & SkippableMagicMask) == FirstSkippableMagic)
            {
                outcome = TryReadWord(ref source, out var skipped) && skipped <= (uint)source.Length ? DecodeOutcome.Done : DecodeOutcome.Damaged;
                source = outcome == DecodeOutcome.Done ? source[(int)skipped..] : source;
            }
            else if (magic == Magic)
            {
                outcome = DecodeFrame(ref source, destination[written..], out var count);
                written += count;
            }
            else
            {
                outcome = DecodeOutcome.Damaged;
            }
        }
        return outcome;
    }

    private static DecodeOutcome DecodeFrame(ref ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (!TryReadHeader(ref source, out var flags, out var contentBytes))
        {
            return DecodeOutcome.Damaged;
        }
        while (true)
        {
            if (!TryReadWord(ref source, out var word))
            {
                return DecodeOutcome.Damaged;
            }
            if (word == 0)
            {
                break;
            }
            var length = word & ~PlainBlock;
            if (length > MaxBlockBytes || length > (uint)source.Length)
            {
                return DecodeOutcome.Damaged;
            }
            var block = source[..(int)length];
            source = source[(int)length..];
            if ((flags & FlagBlockChecksum) != 0 && !(TryReadWord(ref source, out var blockChecksum) && blockChecksum == XxHash32.Hash(block)))
            {
                return DecodeOutcome.Damaged;
            }
            // Linked blocks refer back into the same frame's output, independent ones only into their own.
            var start = (flags & FlagBlocksIndependent) != 0 ? written : 0;
            var outcome = (word & PlainBlock) != 0
                ? CopyPlain(block, destination, ref written)
                : DecodeBlock(block, destination[start..], written - start, start, ref written);
            if (outcome != DecodeOutcome.Done)
            {
                return outcome;
            }
        }
        if ((flags & FlagContentChecksum) != 0 && !(TryReadWord(ref source, out var checksum) && checksum == XxHash32.Hash(destination[..written])))
        {
            return DecodeOutcome.Damaged;
        }
        return contentBytes is { } expected && expected != (ulong)written ? DecodeOutcome.Damaged : DecodeOutcome.Done;
    }

    private static bool TryReadHeader(ref ReadOnlySpan<byte> source, out byte flags, out ulong? contentBytes)
    {
        const int leastHeader = 3;
        const int version = 0x40;
        const int versionMask = 0xc0;
        flags = 0;
        contentBytes = null;
        if (source.Length < leastHeader || (source[0] & versionMask) != version || (source[0] & FlagDictionary) != 0)
        {
            return false;
        }
        flags = source[0];
        var length = 2 + ((flags & FlagContentSize) != 0 ? sizeof(ulong) : 0);
        if (source.Length <= length || source[length] != (byte)(XxHash32.Hash(source[..length]) >> 8))
        {
            return false;
        }
        if ((flags & FlagContentSize) != 0)
        {
            contentBytes = BinaryPrimitives.ReadUInt64LittleEndian(source[2..]);
        }
        source = source[(length + 1)..];
        return true;
    }

    private static DecodeOutcome CopyPlain(ReadOnlySpan<byte> block, Span<byte> destination, ref int written)
    {
        if (!block.TryCopyTo(destination[written..]))
        {
            return DecodeOutcome.DestinationTooSmall;
        }
        written += block.Length;
        return DecodeOutcome.Done;
    }

    // Sequences of literals and a copy; the last has literals only.
    private static DecodeOutcome DecodeBlock(ReadOnlySpan<byte> block, Span<byte> output, int at, int start, ref int written)
    {
        const int leastCopy = 4;
        while (!block.IsEmpty)
        {
            var token = block[0];
            block = block[1..];
            if (!TryReadLength(ref block, token >> 4, out var literals) || literals > block.Length)
            {
                return DecodeOutcome.Damaged;
            }
            if (literals > output.Length - at)
            {
                return DecodeOutcome.DestinationTooSmall;
            }
            block[..literals].CopyTo(output[at..]);
            at += literals;
            block = block[literals..];
            if (block.IsEmpty)
            {
                written = start + at;
                return DecodeOutcome.Done;
            }
            if (block.Length < sizeof(ushort))
            {
                return DecodeOutcome.Damaged;
            }
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(block);
            block = block[sizeof(ushort)..];
            if (!TryReadLength(ref block, token & 15, out var count) || count > MaxBlockBytes || offset == 0 || offset > at)
            {
                return DecodeOutcome.Damaged;
            }
            if (!BackReference.TryCopy(output, ref at, offset, count + leastCopy))
            {
                return DecodeOutcome.DestinationTooSmall;
            }
        }
        return DecodeOutcome.Damaged;
    }

    // Fifteen goes on in further bytes, up to and including the first that is not 255.
    private static bool TryReadLength(ref ReadOnlySpan<byte> block, int code, out int length)
    {
        length = code;
        if (code < 15)
        {
            return true;
        }
        for (var i = 0; i < block.Length; i++)
        {
            length += block[i];
            if (block[i] != 255)
            {
                block = block[(i + 1)..];
                return true;
            }
        }
        return false;
    }

    private static bool TryReadWord(ref ReadOnlySpan<byte> source, out uint word)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(source, out word))
        {
            return false;
        }
        source = source[WordBytes..];
        return true;
    }
}
