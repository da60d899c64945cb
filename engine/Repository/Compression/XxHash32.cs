using System.Buffers.Binary;
using System.Numerics;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>xxHash with 32 bits and seed 0, LZ4's checksum. Source: github.com/Cyan4973/xxHash <c>doc/xxhash_spec.md</c>.</summary>
internal static class XxHash32
{
    private const uint Prime1 = 0x9e3779b1;
    private const uint Prime2 = 0x85ebca77;
    private const uint Prime3 = 0xc2b2ae3d;
    private const uint Prime4 = 0x27d4eb2f;
    private const uint Prime5 = 0x165667b1;
    private const int StripeBytes = 16;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        var length = (uint)data.Length;
        var hash = Prime5;
        if (data.Length >= StripeBytes)
        {
            var (a, b, c, d) = (unchecked(Prime1 + Prime2), Prime2, 0u, unchecked(0u - Prime1));
            for (; data.Length >= StripeBytes; data = data[StripeBytes..])
            {
                a = Round(a, data);
                b = Round(b, data[4..]);
                c = Round(c, data[8..]);
                d = Round(d, data[12..]);
            }
            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }
        hash += length;
        for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..])
        {
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3), 17) * Prime4;
        }
        foreach (var value in data)
        {
            hash = BitOperations.RotateLeft(hash + (value * Prime5), 11) * Prime1;
        }
        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    private static uint Round(uint lane, ReadOnlySpan<byte> data) =>
        BitOperations.RotateLeft(lane + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime2), 13) * Prime1;
}
