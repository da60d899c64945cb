using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Encryption;
using BackupFunctions.Engine.Repository.Hashing;
using BackupFunctions.Engine.Repository.Splitting;

namespace BackupFunctions.Bench.Algorithms;

/// <summary>The span algorithms of the repository, one by one, on 4 MiB of random bytes and on small ones.</summary>
internal static class AlgorithmBenchmarks
{
    private const int ContentBytes = 4 << 20;
    private const int SmallBytes = 4 << 10;

    public static void Run(Measurement measurement)
    {
        measurement.Header();
        Hashing(measurement);
        Splitting(measurement);
        Encryption(measurement);
        Compression(measurement);
    }

    private static byte[] RandomBytes(int length)
    {
        var data = new byte[length];
        new Random(1).NextBytes(data);
        return data;
    }

    private static void Hashing(Measurement measurement)
    {
        var key = RandomBytes(32);
        var data = RandomBytes(ContentBytes);
        var digest = new byte[32];
        measurement.Run("hash OpenSSL BLAKE2BMAC, 4 MiB", ContentBytes, () => OpenSslBlake2b.Hash(key, data, new byte[64]));
        foreach (var algorithm in ContentHasher.Algorithms)
        {
            using var hasher = ContentHasher.Create(algorithm, key);
            measurement.Run($"hash {algorithm}, 4 MiB", ContentBytes, () => hasher.Hash(data, digest));
            measurement.Run($"hash {algorithm}, 4 KiB", SmallBytes, () => hasher.Hash(data.AsSpan(0, SmallBytes), digest));
            HashMany(measurement, algorithm, hasher, ContentBytes, 8);
            HashMany(measurement, algorithm, hasher, SmallBytes, 64);
        }
    }

    private static void HashMany(Measurement measurement, string algorithm, ContentHasher hasher, int length, int count)
    {
        if (!hasher.HasLanes)
        {
            return;
        }
        var inputs = Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<byte>)RandomBytes(length)).ToArray();
        measurement.Run($"hash {algorithm}, {count} x {length >> 10} KiB side by side", (long)length * count,
            () => hasher.CreateBatch(new JobList(inputs.Select(input => new HashJob('\0', input)))).Run(() => false));
    }

    private static void Splitting(Measurement measurement)
    {
        const int total = 16 << 20;
        var data = RandomBytes(total);
        foreach (var algorithm in Splitter.Algorithms.Where(name => name.Contains("-4M", StringComparison.Ordinal)))
        {
            var splitter = Splitter.Create(algorithm);
            measurement.Run($"split {algorithm}, 16 MiB", total, () =>
            {
                for (var rest = data.AsSpan(); !rest.IsEmpty;)
                {
                    var cut = splitter.NextSplitPoint(rest);
                    rest = rest[(cut < 0 ? rest.Length : cut)..];
                }
            });
        }
    }

    private static void Encryption(Measurement measurement)
    {
        var key = RandomBytes(32);
        var plaintext = RandomBytes(ContentBytes);
        var stored = new byte[ContentBytes + ContentCipher.OverheadBytes];
        foreach (var algorithm in ContentCipher.Algorithms)
        {
            using var cipher = ContentCipher.Create(algorithm, key);
            measurement.Run($"encrypt {algorithm}, 4 MiB", ContentBytes, () => cipher.Encrypt(plaintext, key.AsSpan(0, 16), stored));
            measurement.Run($"decrypt {algorithm}, 4 MiB", ContentBytes, () => cipher.Decrypt(stored, key.AsSpan(0, 16), plaintext));
            measurement.Run($"encrypt {algorithm}, 4 KiB", SmallBytes,
                () => cipher.Encrypt(plaintext.AsSpan(0, SmallBytes), key.AsSpan(0, 16), stored.AsSpan(0, SmallBytes + ContentCipher.OverheadBytes)));
        }
    }

    private static void Compression(Measurement measurement)
    {
        var data = Text(ContentBytes);
        var back = new byte[ContentBytes];
        foreach (var compressor in Compressor.All.Where(c => c.CanWrite))
        {
            var stream = new byte[ContentCompression.MaxCompressedLength(compressor.HeaderId, ContentBytes)];
            ContentCompression.TryCompress(compressor.HeaderId, data, stream, out var length);
            measurement.Run($"compress {compressor.Name}, 4 MiB", ContentBytes,
                () => ContentCompression.TryCompress(compressor.HeaderId, data, stream, out length));
            measurement.Run($"decompress {compressor.Name}, 4 MiB", ContentBytes,
                () => ContentCompression.Decompress(compressor.HeaderId, stream.AsSpan(0, length), back));
        }
    }

    // Words drawn at random: compresses about as well as prose.
    private static byte[] Text(int length)
    {
        var random = new Random(2);
        var words = Enumerable.Range(0, 4000).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)random.Next('a', 'z' + 1))])).ToArray();
        var data = new byte[length];
        for (var at = 0; at < length;)
        {
            foreach (var c in words[random.Next(random.Next(1, words.Length))] + " ")
            {
                if (at < length)
                {
                    data[at++] = (byte)c;
                }
            }
        }
        return data;
    }
}
