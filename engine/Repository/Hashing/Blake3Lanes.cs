using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE3's compression of eight inputs side by side, one per 32-bit lane: eight chunks of one input, or eight pairs of nodes.
/// Source: the BLAKE3 paper, section 5.3. Needs AVX2.
/// </summary>
internal static class Blake3Lanes
{
    public const int Lanes = 8;

    // The schedule as offsets into the vectors of the transposed block, in units of four bytes.
    private static readonly byte[] Offsets = [.. Enumerable.Range(0, Blake3.Schedule.Length).Select(i => (byte)(Blake3.Schedule[i] * Lanes))];

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>
    /// Hashes eight inputs that lie one after another, of <paramref name="blocksPerInput"/> blocks each, into eight chaining
    /// values. The counter of input i is <paramref name="counter"/> plus i times <paramref name="counterStep"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hash(
        ReadOnlySpan<byte> inputs, int blocksPerInput, ReadOnlySpan<uint> key, ulong counter, uint counterStep,
        uint flags, uint firstFlags, uint lastFlags, Span<uint> chainingValues)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, Lanes * blocksPerInput * Blake3.BlockBytes);
        Span<Vector256<uint>> h = stackalloc Vector256<uint>[Blake3.KeyWords];
        Span<Vector256<uint>> m = stackalloc Vector256<uint>[16];
        for (var i = 0; i < h.Length; i++)
        {
            h[i] = Vector256.Create(key[i]);
        }
        Span<ulong> counters = stackalloc ulong[Lanes];
        for (var i = 0; i < Lanes; i++)
        {
            counters[i] = counter + ((ulong)i * counterStep);
        }
        var counterLow = Vector256.Create((uint)counters[0], (uint)counters[1], (uint)counters[2], (uint)counters[3],
            (uint)counters[4], (uint)counters[5], (uint)counters[6], (uint)counters[7]);
        var counterHigh = Vector256.Create((uint)(counters[0] >> 32), (uint)(counters[1] >> 32), (uint)(counters[2] >> 32), (uint)(counters[3] >> 32),
            (uint)(counters[4] >> 32), (uint)(counters[5] >> 32), (uint)(counters[6] >> 32), (uint)(counters[7] >> 32));
        var stride = blocksPerInput * Blake3.BlockBytes;
        for (var block = 0; block < blocksPerInput; block++)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(inputs), block * Blake3.BlockBytes);
            LoadTransposed(ref first, stride, m[..8]);
            LoadTransposed(ref Unsafe.Add(ref first, 32), stride, m[8..]);
            var blockFlags = flags | (block == 0 ? firstFlags : 0) | (block == blocksPerInput - 1 ? lastFlags : 0);
            Compress(h, m, counterLow, counterHigh, blockFlags);
        }
        Transpose(h);
        h.CopyTo(MemoryMarshal.Cast<uint, Vector256<uint>>(chainingValues[..(Lanes * Blake3.KeyWords)]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(
        Span<Vector256<uint>> h, Span<Vector256<uint>> m, Vector256<uint> counterLow, Vector256<uint> counterHigh, uint flags)
    {
        var (v0, v1, v2, v3) = (h[0], h[1], h[2], h[3]);
        var (v4, v5, v6, v7) = (h[4], h[5], h[6], h[7]);
        var (v8, v9, v10, v11) = (Vector256.Create(0x6a09e667u), Vector256.Create(0xbb67ae85u), Vector256.Create(0x3c6ef372u), Vector256.Create(0xa54ff53au));
        var (v12, v13, v14, v15) = (counterLow, counterHigh, Vector256.Create((uint)Blake3.BlockBytes), Vector256.Create(flags));
        ref var message = ref Unsafe.As<Vector256<uint>, byte>(ref MemoryMarshal.GetReference(m));
        ref var row = ref MemoryMarshal.GetArrayDataReference(Offsets);
        for (var round = 0; round < Blake3.RoundCount; round++, row = ref Unsafe.Add(ref row, 16))
        {
            MixTwo(ref v0, ref v4, ref v8, ref v12, ref v1, ref v5, ref v9, ref v13, ref message, ref row, 0);
            MixTwo(ref v2, ref v6, ref v10, ref v14, ref v3, ref v7, ref v11, ref v15, ref message, ref row, 4);
            MixTwo(ref v0, ref v5, ref v10, ref v15, ref v1, ref v6, ref v11, ref v12, ref message, ref row, 8);
            MixTwo(ref v2, ref v7, ref v8, ref v13, ref v3, ref v4, ref v9, ref v14, ref message, ref row, 12);
        }
        (h[0], h[1], h[2], h[3]) = (v0 ^ v8, v1 ^ v9, v2 ^ v10, v3 ^ v11);
        (h[4], h[5], h[6], h[7]) = (v4 ^ v12, v5 ^ v13, v6 ^ v14, v7 ^ v15);
    }

    // The table holds numbers below 16 times the lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Word(ref byte message, ref byte row, int i) =>
        Unsafe.ReadUnaligned<Vector256<uint>>(ref Unsafe.AddByteOffset(ref message, (nuint)Unsafe.Add(ref row, i) * sizeof(uint)));

    // Eight times 32 bytes, one stride apart, become eight vectors of one word of each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LoadTransposed(ref byte first, int stride, Span<Vector256<uint>> words)
    {
        for (var i = 0; i < Lanes; i++)
        {
            words[i] = Vector256.LoadUnsafe(ref Unsafe.Add(ref first, i * stride)).AsUInt32();
        }
        Transpose(words);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(Span<Vector256<uint>> r)
    {
        var (a0, a1, a2, a3) = (Avx2.UnpackLow(r[0], r[1]), Avx2.UnpackHigh(r[0], r[1]), Avx2.UnpackLow(r[2], r[3]), Avx2.UnpackHigh(r[2], r[3]));
        var (a4, a5, a6, a7) = (Avx2.UnpackLow(r[4], r[5]), Avx2.UnpackHigh(r[4], r[5]), Avx2.UnpackLow(r[6], r[7]), Avx2.UnpackHigh(r[6], r[7]));
        var (b0, b1, b2, b3) = (Low(a0, a2), High(a0, a2), Low(a1, a3), High(a1, a3));
        var (b4, b5, b6, b7) = (Low(a4, a6), High(a4, a6), Low(a5, a7), High(a5, a7));
        (r[0], r[1], r[2], r[3]) = (Halves(b0, b4, 0x20), Halves(b1, b5, 0x20), Halves(b2, b6, 0x20), Halves(b3, b7, 0x20));
        (r[4], r[5], r[6], r[7]) = (Halves(b0, b4, 0x31), Halves(b1, b5, 0x31), Halves(b2, b6, 0x31), Halves(b3, b7, 0x31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Low(Vector256<uint> a, Vector256<uint> b) => Avx2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> High(Vector256<uint> a, Vector256<uint> b) => Avx2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Halves(Vector256<uint> a, Vector256<uint> b, [ConstantExpected] byte which) => Avx2.Permute2x128(a, b, which);

    // Two of the four mixings of a half round, step by step: see Blake2bLanes, also for how it is written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixTwo(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d,
        ref Vector256<uint> e, ref Vector256<uint> f, ref Vector256<uint> g, ref Vector256<uint> h,
        ref byte message, ref byte row, int i)
    {
        a += b;
        e += f;
        a += Word(ref message, ref row, i);
        e += Word(ref message, ref row, i + 2);
        d ^= a;
        h ^= e;
        d = Avx2.Shuffle(d.AsByte(), TurnTwoBytes).AsUInt32();
        h = Avx2.Shuffle(h.AsByte(), TurnTwoBytes).AsUInt32();
        c += d;
        g += h;
        b ^= c;
        f ^= g;
        b = (b >>> 12) | (b << 20);
        f = (f >>> 12) | (f << 20);
        a += b;
        e += f;
        a += Word(ref message, ref row, i + 1);
        e += Word(ref message, ref row, i + 3);
        d ^= a;
        h ^= e;
        d = Avx2.Shuffle(d.AsByte(), TurnOneByte).AsUInt32();
        h = Avx2.Shuffle(h.AsByte(), TurnOneByte).AsUInt32();
        c += d;
        g += h;
        b ^= c;
        f ^= g;
        b = (b >>> 7) | (b << 25);
        f = (f >>> 7) | (f << 25);
    }

    private static Vector256<byte> TurnTwoBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    }

    private static Vector256<byte> TurnOneByte
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
    }
}
