using System.Buffers.Binary;
using BackupFunctions.Engine.Repository.Hashing;

namespace BackupFunctions.Tests.Engine.Repository.Hashing;

/// <summary>The published test vectors in Fixtures/Vectors, and the sequence of RFC 7693, appendix E.</summary>
internal static class Vectors
{
    /// <summary>The fields of every line that is no comment.</summary>
    public static IEnumerable<string[]> Read(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "Vectors", name)).Where(static line => line[0] != '#').Select(static line => line.Split(' '));

    public static byte[] Counting(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)i)];

    /// <summary>selftest_seq of the RFC: the high bytes of a sum sequence.</summary>
    public static byte[] Fibonacci(int length, uint seed)
    {
        (uint a, uint b) = (unchecked(0xDEAD4BAD * seed), 1);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            (a, b) = (b, unchecked(a + b));
            bytes[i] = (byte)(b >> 24);
        }

        return bytes;
    }

    /// <summary>BLAKE2b of any digest length by one of the compression functions, written as the RFC says.</summary>
    public static byte[] Blake2bDigest(Blake2bTests.CompressionFunction compress, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, int digestBytes)
    {
        ulong[] state = new ulong[Blake2b.StateWords];
        Blake2b.Initialize(state, digestBytes, key.Length);
        byte[] padded = Padded(key, data, Blake2b.BlockBytes, out int length);
        int last = padded.Length - Blake2b.BlockBytes;
        if (last > 0)
        {
            compress(state, padded.AsSpan(0, last), Blake2b.BlockBytes, false);
        }

        compress(state, padded.AsSpan(last), (ulong)length, true);
        byte[] digest = new byte[state.Length * sizeof(ulong)];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest.AsSpan(i * sizeof(ulong)), state[i]);
        }

        return digest[..digestBytes];
    }

    /// <summary>The same for BLAKE2s, which has one compression function.</summary>
    public static byte[] Blake2sDigest(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, int digestBytes)
    {
        uint[] state = new uint[Blake2s.StateWords];
        Blake2s.Initialize(state, digestBytes, key.Length);
        byte[] padded = Padded(key, data, Blake2s.BlockBytes, out int length);
        int last = padded.Length - Blake2s.BlockBytes;
        if (last > 0)
        {
            Blake2s.Compress(state, padded.AsSpan(0, last), Blake2s.BlockBytes, false);
        }

        Blake2s.Compress(state, padded.AsSpan(last), (ulong)length, true);
        byte[] digest = new byte[state.Length * sizeof(uint)];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        }

        return digest[..digestBytes];
    }

    /// <summary>Key block, if there is a key, and data, filled up to whole blocks; at least one.</summary>
    private static byte[] Padded(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, int blockBytes, out int length)
    {
        int keyBlock = key.IsEmpty ? 0 : blockBytes;
        length = keyBlock + data.Length;
        byte[] padded = new byte[Math.Max(1, (length + blockBytes - 1) / blockBytes) * blockBytes];
        key.CopyTo(padded);
        data.CopyTo(padded.AsSpan(keyBlock));
        return padded;
    }
}
