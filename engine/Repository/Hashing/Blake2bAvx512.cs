using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2b's compression function for AVX-512VL: RFC 7693 with a row of the state per vector; a block lies in two registers
/// and one permutation picks eight words of the message schedule.
/// </summary>
internal static class Blake2bAvx512
{
    /// <inheritdoc cref="Blake2b.Compress"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<ulong> state, ReadOnlySpan<byte> blocks, ulong counter, bool last)
    {
        ref var h = ref MemoryMarshal.GetReference(state[..Blake2b.StateWords]);
        var low = Vector256.LoadUnsafe(ref h);
        var high = Vector256.LoadUnsafe(ref h, 4);
        var flag = last ? ulong.MaxValue : 0;
        ref var first = ref MemoryMarshal.GetReference(blocks);
        var end = (nuint)(blocks.Length / Blake2b.BlockBytes * Blake2b.BlockBytes);
        for (nuint at = 0; at < end; at += Blake2b.BlockBytes, counter += Blake2b.BlockBytes)
        {
            var m = Vector512.LoadUnsafe(ref first, at).AsUInt64();
            var n = Vector512.LoadUnsafe(ref first, at + 64).AsUInt64();
            var a = low;
            var b = high;
            var c = Vector256.Create(0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1);
            var d = Vector256.Create(0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179)
                ^ Vector256.Create(counter, 0, flag, 0);
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(0, 2, 4, 6, 1, 3, 5, 7UL),
                Vector512.Create(14, 8, 10, 12, 15, 9, 11, 13UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(14, 4, 9, 13, 10, 8, 15, 6UL),
                Vector512.Create(5, 1, 0, 11, 3, 12, 2, 7UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(11, 12, 5, 15, 8, 0, 2, 13UL),
                Vector512.Create(9, 10, 3, 7, 4, 14, 6, 1UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(7, 3, 13, 11, 9, 1, 12, 14UL),
                Vector512.Create(15, 2, 5, 4, 8, 6, 10, 0UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(9, 5, 2, 10, 0, 7, 4, 15UL),
                Vector512.Create(3, 14, 11, 6, 13, 1, 12, 8UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(2, 6, 0, 8, 12, 10, 11, 3UL),
                Vector512.Create(1, 4, 7, 15, 9, 13, 5, 14UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(12, 1, 14, 4, 5, 15, 13, 10UL),
                Vector512.Create(8, 0, 6, 9, 11, 7, 3, 2UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(13, 7, 12, 3, 11, 14, 1, 9UL),
                Vector512.Create(2, 5, 15, 8, 10, 0, 4, 6UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(6, 14, 11, 0, 15, 9, 3, 8UL),
                Vector512.Create(10, 12, 13, 1, 5, 2, 7, 4UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(10, 8, 7, 1, 2, 4, 6, 5UL),
                Vector512.Create(13, 15, 9, 3, 0, 11, 14, 12UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(0, 2, 4, 6, 1, 3, 5, 7UL),
                Vector512.Create(14, 8, 10, 12, 15, 9, 11, 13UL));
            Round(ref a, ref b, ref c, ref d, m, n,
                Vector512.Create(14, 4, 9, 13, 10, 8, 15, 6UL),
                Vector512.Create(5, 1, 0, 11, 3, 12, 2, 7UL));
            low ^= a ^ c;
            high ^= b ^ d;
        }
        low.StoreUnsafe(ref h);
        high.StoreUnsafe(ref h, 4);
    }

    // For the diagonal step rows a, c and d are turned and b, which is ready last, stays: lane 0 then mixes the diagonal of
    // v4, so the second half of the schedule starts with its last pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        Vector512<ulong> m, Vector512<ulong> n, Vector512<ulong> columns, Vector512<ulong> diagonals)
    {
        var words = Avx512F.PermuteVar8x64x2(m, columns, n);
        Mix(ref a, ref b, ref c, ref d, words.GetLower(), words.GetUpper());
        a = Avx2.Permute4x64(a, 0b10_01_00_11);
        d = Avx2.Permute4x64(d, 0b01_00_11_10);
        c = Avx2.Permute4x64(c, 0b00_11_10_01);
        words = Avx512F.PermuteVar8x64x2(m, diagonals, n);
        Mix(ref a, ref b, ref c, ref d, words.GetLower(), words.GetUpper());
        a = Avx2.Permute4x64(a, 0b00_11_10_01);
        d = Avx2.Permute4x64(d, 0b01_00_11_10);
        c = Avx2.Permute4x64(c, 0b10_01_00_11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        Vector256<ulong> x, Vector256<ulong> y)
    {
        a = a + x + b;
        d = Avx512F.VL.RotateRight(d ^ a, 32);
        c += d;
        b = Avx512F.VL.RotateRight(b ^ c, 24);
        a = a + y + b;
        d = Avx512F.VL.RotateRight(d ^ a, 16);
        c += d;
        b = Avx512F.VL.RotateRight(b ^ c, 63);
    }
}
