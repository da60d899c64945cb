using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2s's compression function: RFC 7693 with a row of the state per vector. All words are little-endian. Vectors of 128
/// bits work everywhere, so there is no scalar twin.
/// </summary>
internal static class Blake2s
{
    public const int BlockBytes = 64;
    public const int StateWords = 8;

    /// <summary>The initialisation vector, RFC 7693 section 2.6 (the same as SHA-256's).</summary>
    public static ReadOnlySpan<uint> Iv =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    /// <summary>Sets the chaining value of a digest of the given length under a key of the given length (fan-out 1, depth 1).</summary>
    public static void Initialize(Span<uint> state, int digestBytes, int keyBytes)
    {
        Iv.CopyTo(state);
        state[0] ^= 0x01010000u ^ ((uint)keyBytes << 8) ^ (uint)digestBytes;
    }

    /// <inheritdoc cref="Blake2b.Compress"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> blocks, ulong counter, bool last)
    {
        ref var h = ref MemoryMarshal.GetReference(state[..StateWords]);
        var low = Vector128.LoadUnsafe(ref h);
        var high = Vector128.LoadUnsafe(ref h, 4);
        var flag = last ? uint.MaxValue : 0;
        while (blocks.Length >= BlockBytes)
        {
            ref var m = ref MemoryMarshal.GetReference(blocks);
            var a = low;
            var b = high;
            var c = Vector128.Create(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a);
            var d = Vector128.Create(0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)
                ^ Vector128.Create((uint)counter, (uint)(counter >> 32), flag, 0);
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 0, 2, 4, 6), Pick(ref m, 1, 3, 5, 7));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 14, 8, 10, 12), Pick(ref m, 15, 9, 11, 13));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 14, 4, 9, 13), Pick(ref m, 10, 8, 15, 6));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 5, 1, 0, 11), Pick(ref m, 3, 12, 2, 7));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 11, 12, 5, 15), Pick(ref m, 8, 0, 2, 13));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 9, 10, 3, 7), Pick(ref m, 4, 14, 6, 1));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 7, 3, 13, 11), Pick(ref m, 9, 1, 12, 14));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 15, 2, 5, 4), Pick(ref m, 8, 6, 10, 0));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 9, 5, 2, 10), Pick(ref m, 0, 7, 4, 15));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 3, 14, 11, 6), Pick(ref m, 13, 1, 12, 8));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 2, 6, 0, 8), Pick(ref m, 12, 10, 11, 3));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 1, 4, 7, 15), Pick(ref m, 9, 13, 5, 14));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 12, 1, 14, 4), Pick(ref m, 5, 15, 13, 10));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 8, 0, 6, 9), Pick(ref m, 11, 7, 3, 2));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 13, 7, 12, 3), Pick(ref m, 11, 14, 1, 9));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 2, 5, 15, 8), Pick(ref m, 10, 0, 4, 6));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 6, 14, 11, 0), Pick(ref m, 15, 9, 3, 8));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 10, 12, 13, 1), Pick(ref m, 5, 2, 7, 4));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, 10, 8, 7, 1), Pick(ref m, 2, 4, 6, 5));
            MixDiagonals(ref a, ref b, ref c, ref d, Pick(ref m, 13, 15, 9, 3), Pick(ref m, 0, 11, 14, 12));
            low ^= a ^ c;
            high ^= b ^ d;
            blocks = blocks[BlockBytes..];
            counter += BlockBytes;
        }
        low.StoreUnsafe(ref h);
        high.StoreUnsafe(ref h, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Pick(ref byte message, int i, int j, int k, int l) =>
        Vector128.Create(Word(ref message, i), Word(ref message, j), Word(ref message, k), Word(ref message, l));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref byte message, int index)
    {
        var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref message, index * sizeof(uint)));
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }

    // Rows a, c and d are turned and b, which is ready last, stays: lane 0 then mixes the diagonal of v4, so the second half of
    // the schedule starts with its last pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixDiagonals(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, Vector128<uint> x, Vector128<uint> y)
    {
        a = Vector128.Shuffle(a, Vector128.Create(3u, 0, 1, 2));
        d = Vector128.Shuffle(d, Vector128.Create(2u, 3, 0, 1));
        c = Vector128.Shuffle(c, Vector128.Create(1u, 2, 3, 0));
        Mix(ref a, ref b, ref c, ref d, x, y);
        a = Vector128.Shuffle(a, Vector128.Create(1u, 2, 3, 0));
        d = Vector128.Shuffle(d, Vector128.Create(2u, 3, 0, 1));
        c = Vector128.Shuffle(c, Vector128.Create(3u, 0, 1, 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, Vector128<uint> x, Vector128<uint> y)
    {
        a = a + x + b;
        d = RotateRight(d ^ a, 16);
        c += d;
        b = RotateRight(b ^ c, 12);
        a = a + y + b;
        d = RotateRight(d ^ a, 8);
        c += d;
        b = RotateRight(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight(Vector128<uint> value, [ConstantExpected] byte count) =>
        (value >>> count) | (value << (32 - count));
}
