using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2b's compression of four independent inputs side by side, one per 64-bit lane. Source: RFC 7693. One input is a single
/// chain in which every step waits for the last; four of them fill the processor. Needs AVX2.
/// </summary>
internal static class Blake2bLanes
{
    public const int Lanes = 4;

    // The schedule of all twelve rounds as offsets into the vectors of the transposed block, in units of eight bytes.
    private static readonly byte[] Offsets =
        [.. Enumerable.Range(0, Blake2b.RoundCount * 16).Select(i => (byte)(Blake2b.Sigma[i % Blake2b.Sigma.Length] * Lanes))];

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>
    /// Compresses the first <paramref name="blockCount"/> blocks of each input, none of them an input's last.
    /// <paramref name="states"/> holds word w of lane l at 4w + l; <paramref name="counters"/> are as for
    /// <see cref="Blake2b.Compress"/>, and are moved on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(
        Span<ulong> states, Span<ulong> counters, int blockCount,
        ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        var length = blockCount * Blake2b.BlockBytes;
        ref var first = ref MemoryMarshal.GetReference(a[..length]);
        ref var second = ref MemoryMarshal.GetReference(b[..length]);
        ref var third = ref MemoryMarshal.GetReference(c[..length]);
        ref var fourth = ref MemoryMarshal.GetReference(d[..length]);
        var h = MemoryMarshal.Cast<ulong, Vector256<ulong>>(states[..(Blake2b.StateWords * Lanes)]);
        Span<Vector256<ulong>> message = stackalloc Vector256<ulong>[16];
        var counter = Vector256.Create<ulong>(counters[..Lanes]);
        for (nuint at = 0; at < (nuint)length; at += Blake2b.BlockBytes)
        {
            for (nuint i = 0; i < Blake2b.BlockBytes; i += 32)
            {
                Transpose(
                    Vector256.LoadUnsafe(ref first, at + i).AsUInt64(), Vector256.LoadUnsafe(ref second, at + i).AsUInt64(),
                    Vector256.LoadUnsafe(ref third, at + i).AsUInt64(), Vector256.LoadUnsafe(ref fourth, at + i).AsUInt64(),
                    message[((int)i / sizeof(ulong))..]);
            }
            ref var words = ref Unsafe.As<Vector256<ulong>, byte>(ref MemoryMarshal.GetReference(message));
            CompressOne(h, ref words, counter);
            counter += Vector256.Create((ulong)Blake2b.BlockBytes);
        }
        counter.CopyTo(counters);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressOne(Span<Vector256<ulong>> h, ref byte message, Vector256<ulong> counter)
    {
        var (v0, v1, v2, v3) = (h[0], h[1], h[2], h[3]);
        var (v4, v5, v6, v7) = (h[4], h[5], h[6], h[7]);
        var (v8, v9) = (Vector256.Create(0x6a09e667f3bcc908UL), Vector256.Create(0xbb67ae8584caa73bUL));
        var (v10, v11) = (Vector256.Create(0x3c6ef372fe94f82bUL), Vector256.Create(0xa54ff53a5f1d36f1UL));
        var (v12, v13) = (Vector256.Create(0x510e527fade682d1UL) ^ counter, Vector256.Create(0x9b05688c2b3e6c1fUL));
        var (v14, v15) = (Vector256.Create(0x1f83d9abfb41bd6bUL), Vector256.Create(0x5be0cd19137e2179UL));
        ref var row = ref MemoryMarshal.GetArrayDataReference(Offsets);
        for (var round = 0; round < Blake2b.RoundCount; round++, row = ref Unsafe.Add(ref row, 16))
        {
            MixTwo(ref v0, ref v4, ref v8, ref v12, ref v1, ref v5, ref v9, ref v13, ref message, ref row, 0);
            MixTwo(ref v2, ref v6, ref v10, ref v14, ref v3, ref v7, ref v11, ref v15, ref message, ref row, 4);
            MixTwo(ref v0, ref v5, ref v10, ref v15, ref v1, ref v6, ref v11, ref v12, ref message, ref row, 8);
            MixTwo(ref v2, ref v7, ref v8, ref v13, ref v3, ref v4, ref v9, ref v14, ref message, ref row, 12);
        }
        (h[0], h[1], h[2], h[3]) = (h[0] ^ v0 ^ v8, h[1] ^ v1 ^ v9, h[2] ^ v2 ^ v10, h[3] ^ v3 ^ v11);
        (h[4], h[5], h[6], h[7]) = (h[4] ^ v4 ^ v12, h[5] ^ v5 ^ v13, h[6] ^ v6 ^ v14, h[7] ^ v7 ^ v15);
    }

    // The table holds numbers below 16 times the lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Word(ref byte message, ref byte row, int i) =>
        Unsafe.ReadUnaligned<Vector256<ulong>>(ref Unsafe.AddByteOffset(ref message, (nuint)Unsafe.Add(ref row, i) * sizeof(ulong)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c, Vector256<ulong> d, Span<Vector256<ulong>> words)
    {
        var (low, high) = (Avx2.UnpackLow(a, b), Avx2.UnpackHigh(a, b));
        var (nextLow, nextHigh) = (Avx2.UnpackLow(c, d), Avx2.UnpackHigh(c, d));
        words[0] = Avx2.Permute2x128(low, nextLow, 0x20);
        words[1] = Avx2.Permute2x128(high, nextHigh, 0x20);
        words[2] = Avx2.Permute2x128(low, nextLow, 0x31);
        words[3] = Avx2.Permute2x128(high, nextHigh, 0x31);
    }

    // Two of the four mixings of a half round, step by step: one alone waits for itself, four need more registers than there are.
    // Written so that the compiler keeps all in registers; tuples, or functions around the rotations, halve the speed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixTwo(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        ref Vector256<ulong> e, ref Vector256<ulong> f, ref Vector256<ulong> g, ref Vector256<ulong> h,
        ref byte message, ref byte row, int i)
    {
        a += b;
        e += f;
        a += Word(ref message, ref row, i);
        e += Word(ref message, ref row, i + 2);
        d ^= a;
        h ^= e;
        d = Avx2.Shuffle(d.AsUInt32(), 0b10_11_00_01).AsUInt64();
        h = Avx2.Shuffle(h.AsUInt32(), 0b10_11_00_01).AsUInt64();
        c += d;
        g += h;
        b ^= c;
        f ^= g;
        b = Avx2.Shuffle(b.AsByte(), TurnThreeBytes).AsUInt64();
        f = Avx2.Shuffle(f.AsByte(), TurnThreeBytes).AsUInt64();
        a += b;
        e += f;
        a += Word(ref message, ref row, i + 1);
        e += Word(ref message, ref row, i + 3);
        d ^= a;
        h ^= e;
        d = Avx2.Shuffle(d.AsByte(), TurnTwoBytes).AsUInt64();
        h = Avx2.Shuffle(h.AsByte(), TurnTwoBytes).AsUInt64();
        c += d;
        g += h;
        b ^= c;
        f ^= g;
        b = (b >>> 63) ^ (b + b);
        f = (f >>> 63) ^ (f + f);
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
