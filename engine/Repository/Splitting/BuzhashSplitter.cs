using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BackupFunctions.Engine.Repository.Splitting;

/// <summary>
/// The rolling splitter with the 32-bit cyclic polynomial hash: section 4 of the format notes; github.com/chmduquesne/rollinghash
/// v4.0.0 <c>buzhash32</c>. The window is a whole number of turns of the word, so a leaving byte needs no rotation:
/// H = rotl(H, 1) ^ T[leaving] ^ T[entering]. For the same reason H is the XOR of two hashes that never let a byte go, one of all
/// bytes to the window's end and one of all to its start: with those of a block in memory, eight windows are checked at a time.
/// </summary>
internal sealed class BuzhashSplitter(int averageSegmentBytes) : RollingSplitter(averageSegmentBytes)
{
    public const string NameSuffix = "-BUZHASH";

    // One step waits for the last, so four stretches are hashed side by side, each from the window before it on.
    private const int StretchBytes = 1024;
    private const int Stretches = 4;
    private const int BlockBytes = Stretches * StretchBytes;

    protected override RollingSplitter Fresh(int averageSegmentBytes) => new BuzhashSplitter(averageSegmentBytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override ulong HashOf(ReadOnlySpan<byte> window)
    {
        var hash = 0u;
        foreach (var entering in window)
        {
            hash = BitOperations.RotateLeft(hash, 1) ^ BuzhashTable.Words[entering];
        }
        return hash;
    }

    protected override int Scan(ReadOnlySpan<byte> bytes, ref ulong hash)
    {
        var running = (uint)hash;
        var at = 0;
        while (bytes.Length - WindowBytes - at >= BlockBytes)
        {
            var block = bytes.Slice(at, WindowBytes + BlockBytes);
            if (HasCut(block, out var after))
            {
                return at + RollOne(block, ref running);
            }
            running = after;
            at += BlockBytes;
        }
        var hit = RollOne(bytes[at..], ref running);
        hash = running;
        return hit < 0 ? hit : at + hit;
    }

    // Whether a cut lies somewhere in a block, which has a window before it; else after is the hash of its last window.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool HasCut(ReadOnlySpan<byte> block, out uint after)
    {
        // Word i of stretch s lies at Stretches * i + s.
        Span<uint> hashes = stackalloc uint[Stretches * (WindowBytes + StretchBytes)];
        ref var first = ref MemoryMarshal.GetReference(hashes);
        ref var bytes = ref MemoryMarshal.GetReference(block[..(WindowBytes + BlockBytes)]);
        ref var words = ref MemoryMarshal.GetReference(BuzhashTable.Words);
        var (a, b, c, d) = (0u, 0u, 0u, 0u);
        for (nuint i = 0; i < WindowBytes + StretchBytes; i++) // as wide as an address, which saves widening it
        {
            a = Enter(a, ref words, Unsafe.Add(ref bytes, i));
            b = Enter(b, ref words, Unsafe.Add(ref bytes, i + StretchBytes));
            c = Enter(c, ref words, Unsafe.Add(ref bytes, i + (2 * StretchBytes)));
            d = Enter(d, ref words, Unsafe.Add(ref bytes, i + (3 * StretchBytes)));
            ref var step = ref Unsafe.Add(ref first, Stretches * i);
            step = a;
            Unsafe.Add(ref step, 1) = b;
            Unsafe.Add(ref step, 2) = c;
            Unsafe.Add(ref step, 3) = d;
        }
        var mask = Vector256.Create(Mask);
        var cuts = Vector256<uint>.Zero;
        for (nuint i = 0; i < BlockBytes; i += (nuint)Vector256<uint>.Count)
        {
            var start = Vector256.LoadUnsafe(ref first, i);
            var end = Vector256.LoadUnsafe(ref first, i + (Stretches * WindowBytes));
            cuts |= Vector256.Equals((start ^ end) & mask, Vector256<uint>.Zero);
        }
        after = hashes[^1] ^ hashes[^(1 + (Stretches * WindowBytes))];
        return cuts != Vector256<uint>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int RollOne(ReadOnlySpan<byte> bytes, ref uint hash)
    {
        var running = hash;
        ref var leaving = ref MemoryMarshal.GetReference(bytes);
        ref var words = ref MemoryMarshal.GetReference(BuzhashTable.Words);
        for (var i = 0; i < bytes.Length - WindowBytes; i++)
        {
            var change = Unsafe.Add(ref words, (nuint)Unsafe.Add(ref leaving, i)) ^ Unsafe.Add(ref words, (nuint)Unsafe.Add(ref leaving, i + WindowBytes));
            running = BitOperations.RotateLeft(running, 1) ^ change;
            if ((running & Mask) == 0)
            {
                return i + 1;
            }
        }
        hash = running;
        return -1;
    }

    // A byte cannot point outside the table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Enter(uint hash, ref uint words, byte entering) => BitOperations.RotateLeft(hash, 1) ^ Unsafe.Add(ref words, (nuint)entering);
}
