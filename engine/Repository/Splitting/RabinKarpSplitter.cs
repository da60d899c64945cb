using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Repository.Splitting;

/// <summary>
/// The rolling splitter with a Rabin fingerprint over GF(2): section 4 of the format notes; github.com/chmduquesne/rollinghash
/// v4.0.0 <c>rabinkarp64</c>. H is the window, read as a polynomial of 8 bits a byte, modulo P.
/// </summary>
internal sealed class RabinKarpSplitter(int averageSegmentBytes) : RollingSplitter(averageSegmentBytes)
{
    public const string NameSuffix = "-RABINKARP";

    // P, of degree 53: what the library draws from Go's math/rand with seed 1.
    private const ulong Polynomial = 0x2e3e3e4a305605;
    private const int Degree = 53;
    private const int StretchBytes = 4096;
    private const int Stretches = 4;

    // What a byte contributes when it leaves the window: b * x^(8 * 63) mod P.
    private static readonly ulong[] Leaving = Table(b => Reduce(b, 8 * (WindowBytes - 1)));

    // What takes away the eight bits above the degree: t * x^53 and its remainder.
    private static readonly ulong[] Overflow = Table(t => Reduce(t, Degree) | (t << Degree));

    protected override RollingSplitter Fresh(int averageSegmentBytes) => new RabinKarpSplitter(averageSegmentBytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override ulong HashOf(ReadOnlySpan<byte> window)
    {
        var hash = 0UL;
        foreach (var entering in window)
        {
            hash = Append(hash, entering, ref MemoryMarshal.GetArrayDataReference(Overflow));
        }
        return hash;
    }

    protected override int Scan(ReadOnlySpan<byte> bytes, ref ulong hash)
    {
        var at = 0;
        for (; bytes.Length - WindowBytes - at >= Stretches * StretchBytes; at += Stretches * StretchBytes)
        {
            var block = bytes.Slice(at, WindowBytes + (Stretches * StretchBytes));
            if (!TryRollFour(block, ref hash))
            {
                return at + RollOne(block, ref hash);
            }
        }
        var hit = RollOne(bytes[at..], ref hash);
        return hit < 0 ? hit : at + hit;
    }

    // False, with the hash as it was, when a cut lies somewhere in the block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryRollFour(ReadOnlySpan<byte> block, ref ulong hash)
    {
        var a = hash;
        var b = HashOf(block.Slice(StretchBytes, WindowBytes));
        var c = HashOf(block.Slice(2 * StretchBytes, WindowBytes));
        var d = HashOf(block.Slice(3 * StretchBytes, WindowBytes));
        var mask = Mask;
        ref var first = ref MemoryMarshal.GetReference(block);
        ref var leaving = ref MemoryMarshal.GetArrayDataReference(Leaving);
        ref var overflow = ref MemoryMarshal.GetArrayDataReference(Overflow);
        for (nuint i = 0; i < StretchBytes; i++) // as wide as an address, which saves widening it four times
        {
            a = Step(a, ref Unsafe.Add(ref first, i), ref leaving, ref overflow);
            b = Step(b, ref Unsafe.Add(ref first, i + StretchBytes), ref leaving, ref overflow);
            c = Step(c, ref Unsafe.Add(ref first, i + (2 * StretchBytes)), ref leaving, ref overflow);
            d = Step(d, ref Unsafe.Add(ref first, i + (3 * StretchBytes)), ref leaving, ref overflow);
            if ((a & mask) == 0 || (b & mask) == 0 || (c & mask) == 0 || (d & mask) == 0)
            {
                return false;
            }
        }
        hash = d;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int RollOne(ReadOnlySpan<byte> bytes, ref ulong hash)
    {
        var running = hash;
        ref var first = ref MemoryMarshal.GetReference(bytes);
        ref var leaving = ref MemoryMarshal.GetArrayDataReference(Leaving);
        ref var overflow = ref MemoryMarshal.GetArrayDataReference(Overflow);
        for (var i = 0; i < bytes.Length - WindowBytes; i++)
        {
            running = Step(running, ref Unsafe.Add(ref first, i), ref leaving, ref overflow);
            if ((running & Mask) == 0)
            {
                return i + 1;
            }
        }
        hash = running;
        return -1;
    }

    // The entering byte lies one window after the leaving one; a byte cannot point outside the tables.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(ulong hash, ref byte first, ref ulong leaving, ref ulong overflow) =>
        Append(hash ^ Unsafe.Add(ref leaving, (nuint)first), Unsafe.Add(ref first, WindowBytes), ref overflow);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Append(ulong hash, byte entering, ref ulong overflow) =>
        ((hash << 8) | entering) ^ Unsafe.Add(ref overflow, (nuint)(byte)(hash >> (Degree - 8)));

    private static ulong[] Table(Func<ulong, ulong> entry) => [.. Enumerable.Range(0, 256).Select(i => entry((ulong)i))];

    // value * x^power mod P.
    private static ulong Reduce(ulong value, int power)
    {
        for (var i = 0; i < power; i++)
        {
            value <<= 1;
            if ((value >> Degree) != 0)
            {
                value ^= Polynomial;
            }
        }
        return value;
    }
}
