using System.Buffers.Binary;
using System.Numerics;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>BLAKE2b's compression function in plain 64-bit words, RFC 7693 section 3.2: for processors without AVX2, and the yardstick of the others.</summary>
internal static class Blake2bScalar
{
    /// <inheritdoc cref="Blake2b.Compress"/>
    public static void Compress(Span<ulong> state, ReadOnlySpan<byte> blocks, ulong counter, bool last)
    {
        Span<ulong> v = stackalloc ulong[16];
        Span<ulong> m = stackalloc ulong[16];
        for (; blocks.Length >= Blake2b.BlockBytes; blocks = blocks[Blake2b.BlockBytes..], counter += Blake2b.BlockBytes)
        {
            for (var i = 0; i < m.Length; i++)
            {
                m[i] = BinaryPrimitives.ReadUInt64LittleEndian(blocks[(i * sizeof(ulong))..]);
            }
            state[..8].CopyTo(v);
            Blake2b.Iv.CopyTo(v[8..]);
            v[12] ^= counter;
            v[14] ^= last ? ulong.MaxValue : 0;
            for (var round = 0; round < Blake2b.RoundCount; round++)
            {
                Round(v, m, Blake2b.Sigma.Slice(round % 10 * 16, 16));
            }
            for (var i = 0; i < 8; i++)
            {
                state[i] ^= v[i] ^ v[i + 8];
            }
        }
    }

    private static void Round(Span<ulong> v, ReadOnlySpan<ulong> m, ReadOnlySpan<byte> s)
    {
        Mix(ref v[0], ref v[4], ref v[8], ref v[12], m[s[0]], m[s[1]]);
        Mix(ref v[1], ref v[5], ref v[9], ref v[13], m[s[2]], m[s[3]]);
        Mix(ref v[2], ref v[6], ref v[10], ref v[14], m[s[4]], m[s[5]]);
        Mix(ref v[3], ref v[7], ref v[11], ref v[15], m[s[6]], m[s[7]]);
        Mix(ref v[0], ref v[5], ref v[10], ref v[15], m[s[8]], m[s[9]]);
        Mix(ref v[1], ref v[6], ref v[11], ref v[12], m[s[10]], m[s[11]]);
        Mix(ref v[2], ref v[7], ref v[8], ref v[13], m[s[12]], m[s[13]]);
        Mix(ref v[3], ref v[4], ref v[9], ref v[14], m[s[14]], m[s[15]]);
    }

    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d, ulong x, ulong y)
    {
        a += b + x;
        d = BitOperations.RotateRight(d ^ a, 32);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 24);
        a += b + y;
        d = BitOperations.RotateRight(d ^ a, 16);
        c += d;
        b = BitOperations.RotateRight(b ^ c, 63);
    }
}
