using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BackupFunctions.Bench.Compare;

/// <summary>Bytes that are the same on every machine and runtime for a seed: xoshiro256** by Blackman and Vigna, seeded by splitmix64.</summary>
internal sealed class SteadyBytes
{
    private static readonly byte[][] Words = [.. ((string[])
    [
        "info", "warning", "error", "request", "response", "connection", "closed", "opened", "from", "to", "of", "the", "with", "after",
        "timeout", "retry", "user", "session", "token", "cache", "miss", "hit", "database", "query", "rows", "updated", "deleted", "created",
        "worker", "queue", "message", "volume", "snapshot", "backup", "restore", "namespace", "pod", "claim", "node", "ready", "failed", "started",
    ]).Select(Encoding.ASCII.GetBytes)];

    private readonly byte[] _counter = new byte[9];
    private ulong _a, _b, _c, _d;

    public SteadyBytes(ulong seed)
    {
        (_a, _b, _c, _d) = (Mix(ref seed), Mix(ref seed), Mix(ref seed), Mix(ref seed));
    }

    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>From <paramref name="least"/> up to and without <paramref name="end"/>.</summary>
    public int Next(int least, int end) => least + (int)(Next() % (ulong)(end - least));

    /// <summary>Bytes that no compression makes smaller.</summary>
    public void FillRandom(Span<byte> destination)
    {
        for (; destination.Length >= sizeof(ulong); destination = destination[sizeof(ulong)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
        }

        foreach (ref byte value in destination)
        {
            value = (byte)Next();
        }
    }

    /// <summary>Lines like those of a log: a counter and words; they compress to about a third.</summary>
    public void FillText(Span<byte> destination)
    {
        Span<byte> counter = _counter;
        while (!destination.IsEmpty)
        {
            WriteDigits(counter, Next());
            Put(ref destination, counter);
            for (int words = Next(4, 12); words > 0; words--)
            {
                Put(ref destination, Words[Next(0, Words.Length)]);
                Put(ref destination, words == 1 ? "\n"u8 : " "u8);
            }
        }
    }

    private static void WriteDigits(Span<byte> text, ulong value)
    {
        for (int i = text.Length - 2; i >= 0; i--, value /= 10)
        {
            text[i] = (byte)('0' + (value % 10));
        }

        text[^1] = (byte)' ';
    }

    private static void Put(ref Span<byte> destination, ReadOnlySpan<byte> text)
    {
        int length = Math.Min(text.Length, destination.Length);
        text[..length].CopyTo(destination);
        destination = destination[length..];
    }

    private static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
