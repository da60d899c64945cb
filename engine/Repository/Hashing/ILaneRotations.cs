using System.Runtime.Intrinsics;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// The rotations to the right of BLAKE2b (words of 64 bits) and BLAKE3 (of 32) in all lanes of a vector. A type parameter, so that
/// what the processor has is asked once and not in every rotation.
/// </summary>
internal interface ILaneRotations
{
    static abstract Vector256<ulong> Right32(Vector256<ulong> words);

    static abstract Vector256<ulong> Right24(Vector256<ulong> words);

    static abstract Vector256<ulong> Right16(Vector256<ulong> words);

    static abstract Vector256<ulong> Right63(Vector256<ulong> words);

    static abstract Vector256<uint> Right16(Vector256<uint> words);

    static abstract Vector256<uint> Right12(Vector256<uint> words);

    static abstract Vector256<uint> Right8(Vector256<uint> words);

    static abstract Vector256<uint> Right7(Vector256<uint> words);
}
