using System.Buffers.Binary;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// The end of a pack: where its local index is. uvarint 1, uvarint length of the vector, the vector, uvarint offset, uvarint
/// length; CRC-32 (IEEE) of that, big-endian; one byte with the length of all before it
/// (docs/repository-format.md, "Packs"; Kopia's repo/content/content_index_recovery.go, v0.23.1).
/// </summary>
internal readonly record struct PackPostamble(ReadOnlyMemory<byte> Vector, long LocalIndexOffset, int LocalIndexBytes)
{
    /// <summary>The last byte of the pack counts those before it.</summary>
    public const int MaxBytes = byte.MaxValue + 1;

    private const int Version = 1;
    private const int ChecksumBytes = sizeof(uint);

    public byte[] Encode()
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        int length = WriteUvarint(bytes, Version);
        length += WriteUvarint(bytes[length..], (ulong)Vector.Length);
        Vector.Span.CopyTo(bytes[length..]);
        length += Vector.Length;
        length += WriteUvarint(bytes[length..], (ulong)LocalIndexOffset);
        length += WriteUvarint(bytes[length..], (ulong)LocalIndexBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[length..], Crc32.Compute(bytes[..length]));
        length += ChecksumBytes;
        bytes[length] = (byte)length;
        return bytes[..(length + 1)].ToArray();
    }

    /// <summary>Reads the end of a pack. <paramref name="tail"/> is its last bytes, <see cref="MaxBytes"/> or the whole pack if that is shorter.</summary>
    /// <exception cref="RepositoryCorruptException">There is no postamble, or it points outside the pack.</exception>
    public static PackPostamble Decode(string pack, long packBytes, ReadOnlySpan<byte> tail)
    {
        int length = tail.IsEmpty ? 0 : tail[^1];
        if (length <= ChecksumBytes || length + 1 > tail.Length)
        {
            throw Damaged(pack, packBytes, "a postamble");
        }

        long start = packBytes - length - 1;
        ReadOnlySpan<byte> body = tail.Slice(tail.Length - length - 1, length - ChecksumBytes);
        if (Crc32.Compute(body) != BinaryPrimitives.ReadUInt32BigEndian(tail[^(ChecksumBytes + 1)..]))
        {
            throw Damaged(pack, start, "a postamble that fits its checksum");
        }

        if (!TryReadUvarint(ref body, out ulong version) || version != Version
            || !TryReadUvarint(ref body, out ulong vectorLength) || vectorLength > (ulong)body.Length)
        {
            throw Damaged(pack, start, "a postamble of version 1");
        }

        ReadOnlySpan<byte> vector = body[..(int)vectorLength];
        body = body[(int)vectorLength..];
        if (!TryReadUvarint(ref body, out ulong offset) || !TryReadUvarint(ref body, out ulong indexLength)
            || indexLength > (ulong)start || offset > (ulong)start - indexLength || indexLength > int.MaxValue)
        {
            throw Damaged(pack, start, "a local index within the pack");
        }

        return new PackPostamble(vector.ToArray(), (long)offset, (int)indexLength);
    }

    private static int WriteUvarint(Span<byte> bytes, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[length++] = (byte)value;
        return length;
    }

    private static bool TryReadUvarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        const int MaxGroups = 9; // 63 bits: more than any length here
        value = 0;
        for (int i = 0; i < Math.Min(bytes.Length, MaxGroups); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static RepositoryCorruptException Damaged(string pack, long offset, string expected) => new(pack, offset, expected, "something else");
}
