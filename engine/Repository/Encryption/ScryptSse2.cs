using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace BackupFunctions.Engine.Repository.Encryption;

/// <summary>
/// scrypt (RFC 7914) with the rounds of Salsa20/8 on whole diagonals of its matrix, four words in a register, as in Percival's own
/// scrypt (crypto_scrypt-sse.c). Every start of the program waits for this: it takes half of OpenSSL's time.
/// </summary>
internal static unsafe partial class ScryptSse2
{
    private const int SalsaWords = 16;
    private const int DoubleRounds = 4;

    // Where the n-th word of a block stands in the order of diagonals: n times 5 modulo 16 leads from one to the next.
    private const int DiagonalStep = 5;

    // 64 MiB in pages of 2 MiB: without them, half of the time goes into page tables.
    private const int HugePageBytes = 2 << 20;
    private const int AdviseHugePages = 14;

    public static bool IsSupported => Sse2.IsSupported && BitConverter.IsLittleEndian;

    /// <summary>Fills <paramref name="output"/> with the key. Needs 128 * cost * blockSize bytes while it runs, which go back to the system at once.</summary>
    /// <param name="cost">N: a power of two, at least 2.</param>
    /// <param name="blockSize">r.</param>
    /// <param name="parallelization">p.</param>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cost & (cost - 1), 0, nameof(cost));
        int blockBytes = 128 * blockSize;
        byte[] blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, blockBytes * parallelization);
        nuint memoryBytes = (nuint)blockBytes * (nuint)(cost + 3); // the table, two blocks in turn, and one of zeros
        uint* memory = (uint*)NativeMemory.AlignedAlloc(memoryBytes, HugePageBytes);
        try
        {
            _ = Advise(memory, memoryBytes, AdviseHugePages); // only makes it faster, so a refusal does not matter
            for (int block = 0; block < parallelization; block++)
            {
                Mix(MemoryMarshal.Cast<byte, uint>(blocks.AsSpan(block * blockBytes, blockBytes)), (uint)cost, blockSize, memory);
            }

            Rfc2898DeriveBytes.Pbkdf2(password, blocks, output, 1, HashAlgorithmName.SHA256);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
            CryptographicOperations.ZeroMemory(blocks);
        }
    }

    /// <summary>scryptROMix (section 5): fills the table with a chain of blocks, then walks through it in an order that depends on the data.</summary>
    private static void Mix(Span<uint> block, uint cost, int blockSize, uint* table)
    {
        nuint words = (nuint)block.Length;
        uint* current = table + (words * cost);
        uint* next = current + words;
        uint* zeros = next + words;
        NativeMemory.Clear(zeros, words * sizeof(uint));
        for (int i = 0; i < block.Length; i++)
        {
            table[i] = block[DiagonalPlace(i)];
        }

        for (nuint i = 0; i < cost; i++)
        {
            MixBlock(table + (i * words), zeros, table + ((i + 1) * words), blockSize); // the last one goes into current, which follows
        }

        for (uint i = 0; i < cost; i++)
        {
            nuint chosen = current[words - SalsaWords] & (cost - 1);
            MixBlock(current, table + (chosen * words), next, blockSize);
            uint* done = current;
            current = next;
            next = done;
        }

        for (int i = 0; i < block.Length; i++)
        {
            block[DiagonalPlace(i)] = current[i];
        }
    }

    private static int DiagonalPlace(int word) => (word & ~(SalsaWords - 1)) + (word * DiagonalStep % SalsaWords);

    /// <summary>scryptBlockMix (section 4) of two blocks' exclusive or. The last diagonal words feed the next step, so nothing can be done side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixBlock(uint* left, uint* right, uint* result, int blockSize)
    {
        uint* lastLeft = left + (((2 * blockSize) - 1) * SalsaWords);
        uint* lastRight = right + (((2 * blockSize) - 1) * SalsaWords);
        Vector128<uint> a = Vector128.Load(lastLeft) ^ Vector128.Load(lastRight);
        Vector128<uint> b = Vector128.Load(lastLeft + 4) ^ Vector128.Load(lastRight + 4);
        Vector128<uint> c = Vector128.Load(lastLeft + 8) ^ Vector128.Load(lastRight + 8);
        Vector128<uint> d = Vector128.Load(lastLeft + 12) ^ Vector128.Load(lastRight + 12);
        for (int i = 0; i < 2 * blockSize; i++)
        {
            a ^= Vector128.Load(left) ^ Vector128.Load(right);
            b ^= Vector128.Load(left + 4) ^ Vector128.Load(right + 4);
            c ^= Vector128.Load(left + 8) ^ Vector128.Load(right + 8);
            d ^= Vector128.Load(left + 12) ^ Vector128.Load(right + 12);
            (Vector128<uint> a0, Vector128<uint> b0, Vector128<uint> c0, Vector128<uint> d0) = (a, b, c, d);
            for (int round = 0; round < DoubleRounds; round++)
            {
                Vector128<uint> sum = a + d;
                b ^= sum << 7;
                b ^= sum >>> 25;
                sum = b + a;
                c ^= sum << 9;
                c ^= sum >>> 23;
                sum = c + b;
                d ^= sum << 13;
                d ^= sum >>> 19;
                sum = d + c;
                a ^= sum << 18;
                a ^= sum >>> 14;
                b = Sse2.Shuffle(b, 0x93);
                c = Sse2.Shuffle(c, 0x4E);
                d = Sse2.Shuffle(d, 0x39);
                sum = a + b;
                d ^= sum << 7;
                d ^= sum >>> 25;
                sum = d + a;
                c ^= sum << 9;
                c ^= sum >>> 23;
                sum = c + d;
                b ^= sum << 13;
                b ^= sum >>> 19;
                sum = b + c;
                a ^= sum << 18;
                a ^= sum >>> 14;
                b = Sse2.Shuffle(b, 0x39);
                c = Sse2.Shuffle(c, 0x4E);
                d = Sse2.Shuffle(d, 0x93);
            }

            a += a0;
            b += b0;
            c += c0;
            d += d0;
            uint* place = result + (((i >> 1) + ((i & 1) * blockSize)) * SalsaWords); // even ones first, odd ones behind them
            a.Store(place);
            b.Store(place + 4);
            c.Store(place + 8);
            d.Store(place + 12);
            left += SalsaWords;
            right += SalsaWords;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* start, nuint lengthBytes, int advice);
}
