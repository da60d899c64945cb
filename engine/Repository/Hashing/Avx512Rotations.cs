using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>Rotations that are one instruction each. Needs AVX-512VL.</summary>
internal readonly struct Avx512Rotations : ILaneRotations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right32(Vector256<ulong> words) => Avx512F.VL.RotateRight(words, 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right24(Vector256<ulong> words) => Avx512F.VL.RotateRight(words, 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right16(Vector256<ulong> words) => Avx512F.VL.RotateRight(words, 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Right63(Vector256<ulong> words) => Avx512F.VL.RotateRight(words, 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Right16(Vector256<uint> words) => Avx512F.VL.RotateRight(words, 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Right12(Vector256<uint> words) => Avx512F.VL.RotateRight(words, 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Right8(Vector256<uint> words) => Avx512F.VL.RotateRight(words, 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Right7(Vector256<uint> words) => Avx512F.VL.RotateRight(words, 7);
}
