using System.Runtime.Intrinsics.X86;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2b's constants and the choice of compression function. Source: RFC 7693. All words are little-endian.
/// </summary>
internal static class Blake2b
{
    public const int BlockBytes = 128;
    public const int StateWords = 8;
    public const int RoundCount = 12;

    /// <summary>The initialisation vector, RFC 7693 section 2.6 (the same as SHA-512's).</summary>
    public static ReadOnlySpan<ulong> Iv =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    /// <summary>The message schedule, RFC 7693 section 2.7: ten rows of sixteen; rounds 10 and 11 repeat rows 0 and 1.</summary>
    public static ReadOnlySpan<byte> Sigma =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <summary>Sets the chaining value of a digest of the given length under a key of the given length (fan-out 1, depth 1).</summary>
    public static void Initialize(Span<ulong> state, int digestBytes, int keyBytes)
    {
        Iv.CopyTo(state);
        state[0] ^= 0x01010000u ^ ((uint)keyBytes << 8) ^ (uint)digestBytes;
    }

    /// <summary>
    /// Compresses whole blocks. <paramref name="counter"/> is the count of message bytes up to the end of the first of them;
    /// each further block adds its length. <paramref name="last"/> sets the final flag, so then there must be one block only.
    /// </summary>
    public static void Compress(Span<ulong> state, ReadOnlySpan<byte> blocks, ulong counter, bool last)
    {
        if (Avx512F.VL.IsSupported)
        {
            Blake2bAvx512.Compress(state, blocks, counter, last);
        }
        else if (Avx2.IsSupported)
        {
            Blake2bAvx2.Compress(state, blocks, counter, last);
        }
        else
        {
            Blake2bScalar.Compress(state, blocks, counter, last);
        }
    }
}
