using System.Buffers.Binary;
using System.Numerics;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor where it can. Finds damage of files that only we write; no protection against people.</summary>
internal static class Crc32C
{
    /// <summary>What to begin with; the last result is to be inverted.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Takes in more bytes.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
