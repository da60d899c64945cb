using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2b's compression function in plain 64-bit words, RFC 7693 section 3.2: for processors without AVX2, and the yardstick of
/// the others. The state lives in locals, so that it can live in registers.
/// </summary>
internal static class Blake2bScalar
{
    /// <inheritdoc cref="Blake2b.Compress"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<ulong> state, ReadOnlySpan<byte> blocks, ulong counter, bool last)
    {
        Span<ulong> message = stackalloc ulong[16];
        var flag = last ? ulong.MaxValue : 0;
        for (; blocks.Length >= Blake2b.BlockBytes; blocks = blocks[Blake2b.BlockBytes..], counter += Blake2b.BlockBytes)
        {
            for (var i = 0; i < message.Length; i++)
            {
                message[i] = BinaryPrimitives.ReadUInt64LittleEndian(blocks[(i * sizeof(ulong))..]);
            }
            CompressOne(state, ref MemoryMarshal.GetReference(message), counter, flag);
        }
    }

    private static void CompressOne(Span<ulong> h, ref ulong message, ulong counter, ulong flag)
    {
        var (v0, v1, v2, v3) = (h[0], h[1], h[2], h[3]);
        var (v4, v5, v6, v7) = (h[4], h[5], h[6], h[7]);
        var (v8, v9, v10, v11) = (0x6a09e667f3bcc908UL, 0xbb67ae8584caa73bUL, 0x3c6ef372fe94f82bUL, 0xa54ff53a5f1d36f1UL);
        var (v12, v13) = (0x510e527fade682d1UL ^ counter, 0x9b05688c2b3e6c1fUL);
        var (v14, v15) = (0x1f83d9abfb41bd6bUL ^ flag, 0x5be0cd19137e2179UL);
        for (var round = 0; round < Blake2b.RoundCount; round++)
        {
            ref var row = ref MemoryMarshal.GetReference(Blake2b.Sigma.Slice(round % 10 * 16, 16));
            Mix(ref v0, ref v4, ref v8, ref v12, Word(ref message, ref row, 0), Word(ref message, ref row, 1));
            Mix(ref v1, ref v5, ref v9, ref v13, Word(ref message, ref row, 2), Word(ref message, ref row, 3));
            Mix(ref v2, ref v6, ref v10, ref v14, Word(ref message, ref row, 4), Word(ref message, ref row, 5));
            Mix(ref v3, ref v7, ref v11, ref v15, Word(ref message, ref row, 6), Word(ref message, ref row, 7));
            Mix(ref v0, ref v5, ref v10, ref v15, Word(ref message, ref row, 8), Word(ref message, ref row, 9));
            Mix(ref v1, ref v6, ref v11, ref v12, Word(ref message, ref row, 10), Word(ref message, ref row, 11));
            Mix(ref v2, ref v7, ref v8, ref v13, Word(ref message, ref row, 12), Word(ref message, ref row, 13));
            Mix(ref v3, ref v4, ref v9, ref v14, Word(ref message, ref row, 14), Word(ref message, ref row, 15));
        }
        (h[0], h[1], h[2], h[3]) = (h[0] ^ v0 ^ v8, h[1] ^ v1 ^ v9, h[2] ^ v2 ^ v10, h[3] ^ v3 ^ v11);
        (h[4], h[5], h[6], h[7]) = (h[4] ^ v4 ^ v12, h[5] ^ v5 ^ v13, h[6] ^ v6 ^ v14, h[7] ^ v7 ^ v15);
    }

    // The schedule holds numbers below 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref ulong message, ref byte row, int i) => Unsafe.Add(ref message, (nuint)Unsafe.Add(ref row, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
