using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Repository.Splitting;

/// <summary>
/// The rolling splitter with the 32-bit cyclic polynomial hash: section 4 of the format notes; github.com/chmduquesne/rollinghash
/// v4.0.0 <c>buzhash32</c>. The window is a whole number of turns of the word, so a leaving byte needs no rotation:
/// H = rotl(H, 1) ^ T[leaving] ^ T[entering].
/// </summary>
internal sealed class BuzhashSplitter(int averageSegmentBytes) : RollingSplitter(averageSegmentBytes)
{
    public const string NameSuffix = "-BUZHASH";

    // One step waits for the last, so four stretches are rolled side by side. Each but the first starts by hashing a window.
    private const int StretchBytes = 4096;
    private const int Stretches = 4;

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
        while (bytes.Length - WindowBytes - at >= Stretches * StretchBytes)
        {
            var block = bytes.Slice(at, WindowBytes + (Stretches * StretchBytes));
            if (TryRollFour(block, running, out var after))
            {
                running = after;
            }
            else
            {
                return at + RollOne(block, ref running);
            }
            at += Stretches * StretchBytes;
        }
        var hit = RollOne(bytes[at..], ref running);
        hash = running;
        return hit < 0 ? hit : at + hit;
    }

    // False when a cut lies somewhere in the block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryRollFour(ReadOnlySpan<byte> block, uint hash, out uint after)
    {
        var a = hash;
        var b = (uint)HashOf(block.Slice(StretchBytes, WindowBytes));
        var c = (uint)HashOf(block.Slice(2 * StretchBytes, WindowBytes));
        var d = (uint)HashOf(block.Slice(3 * StretchBytes, WindowBytes));
        var mask = Mask;
        after = 0;
        ref var leaving = ref MemoryMarshal.GetReference(block);
        ref var words = ref MemoryMarshal.GetReference(BuzhashTable.Words);
        for (nuint i = 0; i < StretchBytes; i++) // as wide as an address, which saves widening it four times
        {
            a = Step(a, ref words, ref Unsafe.Add(ref leaving, i));
            b = Step(b, ref words, ref Unsafe.Add(ref leaving, i + StretchBytes));
            c = Step(c, ref words, ref Unsafe.Add(ref leaving, i + (2 * StretchBytes)));
            d = Step(d, ref words, ref Unsafe.Add(ref leaving, i + (3 * StretchBytes)));
            if ((a & mask) == 0 || (b & mask) == 0 || (c & mask) == 0 || (d & mask) == 0)
            {
                return false;
            }
        }
        after = d;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int RollOne(ReadOnlySpan<byte> bytes, ref uint hash)
    {
        var running = hash;
        ref var leaving = ref MemoryMarshal.GetReference(bytes);
        ref var words = ref MemoryMarshal.GetReference(BuzhashTable.Words);
        for (var i = 0; i < bytes.Length - WindowBytes; i++)
        {
            running = Step(running, ref words, ref Unsafe.Add(ref leaving, i));
            if ((running & Mask) == 0)
            {
                return i + 1;
            }
        }
        hash = running;
        return -1;
    }

    // The entering byte lies one window after the leaving one; a byte cannot point outside the table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Step(uint hash, ref uint words, ref byte leaving) =>
        BitOperations.RotateLeft(hash, 1) ^ Unsafe.Add(ref words, (nuint)leaving) ^ Unsafe.Add(ref words, (nuint)Unsafe.Add(ref leaving, WindowBytes));
}
