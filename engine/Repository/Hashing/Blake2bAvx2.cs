using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2b's compression function for AVX2: RFC 7693 with a row of the state per vector. The words of the schedule are
/// gathered one by one, which costs nothing: the mixing's chain of dependencies is longer than the loads take.
/// </summary>
internal static class Blake2bAvx2
{
    /// <inheritdoc cref="Blake2b.Compress"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<ulong> state, ReadOnlySpan<byte> blocks, ulong counter, bool last)
    {
        ref var h = ref MemoryMarshal.GetReference(state[..Blake2b.StateWords]);
        var low = Vector256.LoadUnsafe(ref h);
        var high = Vector256.LoadUnsafe(ref h, 4);
        var flag = last ? ulong.MaxValue : 0;
        while (blocks.Length >= Blake2b.BlockBytes)
        {
            ref var m = ref MemoryMarshal.GetReference(blocks);
            var a = low;
            var b = high;
            var c = Vector256.Create(0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1);
            var d = Vector256.Create(0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179)
                ^ Vector256.Create(counter, 0, flag, 0);
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 0, 2, 4, 6), Pick(ref m, 1, 3, 5, 7));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 14, 8, 10, 12), Pick(ref m, 15, 9, 11, 13));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 14, 4, 9, 13), Pick(ref m, 10, 8, 15, 6));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 5, 1, 0, 11), Pick(ref m, 3, 12, 2, 7));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 11, 12, 5, 15), Pick(ref m, 8, 0, 2, 13));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 9, 10, 3, 7), Pick(ref m, 4, 14, 6, 1));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 7, 3, 13, 11), Pick(ref m, 9, 1, 12, 14));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 15, 2, 5, 4), Pick(ref m, 8, 6, 10, 0));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 9, 5, 2, 10), Pick(ref m, 0, 7, 4, 15));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 3, 14, 11, 6), Pick(ref m, 13, 1, 12, 8));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 2, 6, 0, 8), Pick(ref m, 12, 10, 11, 3));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 1, 4, 7, 15), Pick(ref m, 9, 13, 5, 14));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 12, 1, 14, 4), Pick(ref m, 5, 15, 13, 10));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 8, 0, 6, 9), Pick(ref m, 11, 7, 3, 2));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 13, 7, 12, 3), Pick(ref m, 11, 14, 1, 9));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 2, 5, 15, 8), Pick(ref m, 10, 0, 4, 6));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 6, 14, 11, 0), Pick(ref m, 15, 9, 3, 8));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 10, 12, 13, 1), Pick(ref m, 5, 2, 7, 4));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 10, 8, 7, 1), Pick(ref m, 2, 4, 6, 5));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 13, 15, 9, 3), Pick(ref m, 0, 11, 14, 12));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 0, 2, 4, 6), Pick(ref m, 1, 3, 5, 7));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 14, 8, 10, 12), Pick(ref m, 15, 9, 11, 13));
            Columns(ref a, ref b, ref c, ref d, Pick(ref m, 14, 4, 9, 13), Pick(ref m, 10, 8, 15, 6));
            Diagonals(ref a, ref b, ref c, ref d, Pick(ref m, 5, 1, 0, 11), Pick(ref m, 3, 12, 2, 7));
            low ^= a ^ c;
            high ^= b ^ d;
            blocks = blocks[Blake2b.BlockBytes..];
            counter += Blake2b.BlockBytes;
        }
        low.StoreUnsafe(ref h);
        high.StoreUnsafe(ref h, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pick(ref byte message, int i, int j, int k, int l) =>
        Vector256.Create(Word(ref message, i), Word(ref message, j), Word(ref message, k), Word(ref message, l));

    // Only called on processors with AVX2, which are little-endian as the format is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte message, int index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref message, index * sizeof(ulong)));

    // For the diagonal step rows a, c and d are turned and b, which is ready last, stays: lane 0 then mixes the diagonal of
    // v4, so the second half of the schedule starts with its last pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Diagonals(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        Vector256<ulong> x, Vector256<ulong> y)
    {
        a = Avx2.Permute4x64(a, 0b10_01_00_11);
        d = Avx2.Permute4x64(d, 0b01_00_11_10);
        c = Avx2.Permute4x64(c, 0b00_11_10_01);
        Columns(ref a, ref b, ref c, ref d, x, y);
        a = Avx2.Permute4x64(a, 0b00_11_10_01);
        d = Avx2.Permute4x64(d, 0b01_00_11_10);
        c = Avx2.Permute4x64(c, 0b10_01_00_11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        Vector256<ulong> x, Vector256<ulong> y)
    {
        a = a + x + b;
        d = Avx2.Shuffle((d ^ a).AsUInt32(), 0b10_11_00_01).AsUInt64();
        c += d;
        b = Avx2.Shuffle((b ^ c).AsByte(), TurnThreeBytes).AsUInt64();
        a = a + y + b;
        d = Avx2.Shuffle((d ^ a).AsByte(), TurnTwoBytes).AsUInt64();
        c += d;
        b ^= c;
        b = (b >>> 63) ^ (b + b);
    }

    private static Vector256<byte> TurnThreeBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
    }

    private static Vector256<byte> TurnTwoBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);
    }
}
