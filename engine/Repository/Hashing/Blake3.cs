using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE3's constants and its compression of one block with a row of the state per vector. Source: the BLAKE3 paper and its
/// reference implementation (github.com/BLAKE3-team/BLAKE3). All words are little-endian.
/// </summary>
internal static class Blake3
{
    public const int BlockBytes = 64;
    public const int ChunkBytes = 1024;
    public const int KeyWords = 8;
    public const int DigestBytes = 32;
    public const int RoundCount = 7;
    public const int BlocksPerChunk = ChunkBytes / BlockBytes;

    public const uint ChunkStart = 1 << 0;
    public const uint ChunkEnd = 1 << 1;
    public const uint Parent = 1 << 2;
    public const uint Root = 1 << 3;
    public const uint KeyedHash = 1 << 4;
    public const uint DeriveKeyContext = 1 << 5;
    public const uint DeriveKeyMaterial = 1 << 6;

    /// <summary>The initialisation vector (SHA-256's).</summary>
    public static ReadOnlySpan<uint> Iv => Blake2s.Iv;

    /// <summary>The message words of the seven rounds: each row is the permutation of the one before.</summary>
    public static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];

    /// <summary>Replaces the chaining value by that after one block, of which <paramref name="blockBytes"/> bytes count; the rest must be zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<uint> chainingValue, ReadOnlySpan<byte> block, int blockBytes, ulong counter, uint flags)
    {
        ref var h = ref MemoryMarshal.GetReference(chainingValue[..KeyWords]);
        ref var message = ref MemoryMarshal.GetReference(block[..BlockBytes]);
        ref var schedule = ref MemoryMarshal.GetReference(Schedule);
        var a = Vector128.LoadUnsafe(ref h);
        var b = Vector128.LoadUnsafe(ref h, 4);
        var c = Vector128.Create(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a);
        var d = Vector128.Create((uint)counter, (uint)(counter >> 32), (uint)blockBytes, flags);
        for (var round = 0; round < RoundCount; round++)
        {
            ref var row = ref Unsafe.Add(ref schedule, round * 16);
            Mix(ref a, ref b, ref c, ref d, Pick(ref message, ref row, 0, 2, 4, 6), Pick(ref message, ref row, 1, 3, 5, 7));
            // Rows a, c and d are turned and b, which is ready last, stays: lane 0 then mixes the diagonal of v4.
            a = Vector128.Shuffle(a, Vector128.Create(3u, 0, 1, 2));
            d = Vector128.Shuffle(d, Vector128.Create(2u, 3, 0, 1));
            c = Vector128.Shuffle(c, Vector128.Create(1u, 2, 3, 0));
            Mix(ref a, ref b, ref c, ref d, Pick(ref message, ref row, 14, 8, 10, 12), Pick(ref message, ref row, 15, 9, 11, 13));
            a = Vector128.Shuffle(a, Vector128.Create(1u, 2, 3, 0));
            d = Vector128.Shuffle(d, Vector128.Create(2u, 3, 0, 1));
            c = Vector128.Shuffle(c, Vector128.Create(3u, 0, 1, 2));
        }
        (a ^ c).StoreUnsafe(ref h);
        (b ^ d).StoreUnsafe(ref h, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Pick(ref byte message, ref byte row, int i, int j, int k, int l) => Vector128.Create(
        Word(ref message, Unsafe.Add(ref row, i)), Word(ref message, Unsafe.Add(ref row, j)),
        Word(ref message, Unsafe.Add(ref row, k)), Word(ref message, Unsafe.Add(ref row, l)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref byte message, byte index)
    {
        var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref message, index * sizeof(uint)));
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
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
    private static Vector128<uint> RotateRight(Vector128<uint> value, [ConstantExpected] byte count) => (value >>> count) | (value << (32 - count));
}
