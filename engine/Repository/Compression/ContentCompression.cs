using System.Buffers.Binary;
using System.Diagnostics;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// Compression of contents and objects by Kopia's header ids: section 5.3 of the format notes, kopia v0.23.1
/// <c>repo/compression</c>. The streams here are what follows the four bytes of the header id. Input of the decompressors is
/// foreign: its lengths are never trusted and output never exceeds what the caller allows.
/// </summary>
internal static class ContentCompression
{
    /// <summary>What Kopia uses for directories, lists and manifests.</summary>
    public const uint ZstdFastest = 0x1101;

    /// <summary>The header id before a stream, big-endian.</summary>
    public const int HeaderBytes = sizeof(uint);

    private const string CorruptionRemedy = "Verify the repository, and restore the named blob from a copy of the bucket if there is one.";
    private const int LeastGuess = 4096;

    /// <summary>The header id of a compressor's name, as policies spell it.</summary>
    public static uint HeaderIdFor(string compressorName)
    {
        foreach (var known in Compressor.All)
        {
            if (known.Name == compressorName)
            {
                return known.HeaderId;
            }
        }
        throw new BackupException(ErrorKind.Unsupported, $"The compressor '{compressorName}' is not known.",
            "Choose one of: " + string.Join(", ", Compressor.All.Where(c => c.CanWrite).Select(c => c.Name)) + ".");
    }

    /// <summary>The name of a header id.</summary>
    public static string NameOf(uint headerId) => Find(headerId).Name;

    /// <exception cref="BackupException">Unsupported: the format of this header id is only read here.</exception>
    public static void RequireWritable(uint headerId)
    {
        if (Find(headerId) is { CanWrite: false } readOnly)
        {
            throw NotWritable(readOnly);
        }
    }

    /// <summary>A destination of this length is enough for <see cref="TryCompress"/> whatever the input.</summary>
    public static int MaxCompressedLength(uint headerId, int length) => Find(headerId).Format switch
    {
        CompressedFormat.Zstd => Zstd.MaxCompressedLength(length),
        CompressedFormat.Gzip or CompressedFormat.Deflate => Deflate.MaxCompressedLength(length),
        CompressedFormat.Snappy => SnappyStreamEncoder.MaxLength(length),
        _ => throw NotWritable(Find(headerId)),
    };

    /// <summary>Compresses all of <paramref name="source"/>; false when it does not fit into <paramref name="destination"/>.</summary>
    public static bool TryCompress(uint headerId, ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        var compressor = Find(headerId);
        return compressor.Format switch
        {
            CompressedFormat.Zstd => Zstd.TryCompress(source, destination, compressor.Level, out written),
            CompressedFormat.Gzip => Deflate.TryCompress(gzip: true, source, destination, compressor.Level, out written),
            CompressedFormat.Deflate => Deflate.TryCompress(gzip: false, source, destination, compressor.Level, out written),
            CompressedFormat.Snappy => SnappyStreamEncoder.TryCompress(source, destination, out written),
            _ => throw NotWritable(compressor),
        };
    }

    /// <summary>
    /// Writes header id and stream of all of <paramref name="source"/> if together they are shorter than it; else false, as Kopia keeps
    /// only what gains. <paramref name="destination"/> has room for one byte less than the source.
    /// </summary>
    public static bool TryCompressShorter(uint headerId, ReadOnlySpan<byte> source, Span<byte> destination, out int length)
    {
        length = 0;
        var limit = source.Length - 1;
        if (limit <= HeaderBytes || !TryCompress(headerId, source, destination[HeaderBytes..limit], out var written))
        {
            return false;
        }
        BinaryPrimitives.WriteUInt32BigEndian(destination, headerId);
        length = HeaderBytes + written;
        return true;
    }

    /// <summary>Decompresses a stream whose original length is known; anything else than exactly that is <see cref="ErrorKind.Corrupt"/>.</summary>
    public static void Decompress(uint headerId, ReadOnlySpan<byte> stream, Span<byte> destination)
    {
        var compressor = Find(headerId);
        if (!TryDecompress(compressor, stream, destination, out var written) || written != destination.Length)
        {
            throw new BackupException(ErrorKind.Corrupt,
                $"A {compressor.Name} stream of {stream.Length} bytes does not hold the {destination.Length} bytes that it should.", CorruptionRemedy);
        }
    }

    /// <summary>Decompresses a stream of unknown original length; <see cref="ErrorKind.Corrupt"/> when it is damaged or exceeds the limit.</summary>
    public static byte[] DecompressBounded(uint headerId, ReadOnlySpan<byte> stream, int maxBytes)
    {
        var compressor = Find(headerId);
        var guess = Math.Min(maxBytes, Math.Max(LeastGuess, (int)Math.Min((long)stream.Length * 4, maxBytes)));
        while (true)
        {
            using var lease = PooledBytes.Rent(guess);
            if (TryDecompress(compressor, stream, lease.Span, out var written))
            {
                return lease.Span[..written].ToArray();
            }
            if (guess == maxBytes)
            {
                throw new BackupException(ErrorKind.Corrupt,
                    $"A {compressor.Name} stream of {stream.Length} bytes holds more than the {maxBytes} bytes allowed here.", CorruptionRemedy);
            }
            guess = (int)Math.Min((long)guess * 4, maxBytes);
        }
    }

    // False when the destination is too small.
    private static bool TryDecompress(Compressor compressor, ReadOnlySpan<byte> stream, Span<byte> destination, out int written)
    {
        var outcome = compressor.Format switch
        {
            CompressedFormat.Zstd => Zstd.Decompress(stream, destination, out written),
            CompressedFormat.Gzip => Deflate.Decompress(gzip: true, stream, destination, out written),
            CompressedFormat.Deflate => Deflate.Decompress(gzip: false, stream, destination, out written),
            CompressedFormat.Snappy => SnappyStream.Decompress(stream, destination, out written),
            CompressedFormat.Lz4 => Lz4Frame.Decompress(stream, destination, out written),
            _ => throw new UnreachableException(),
        };
        return outcome == DecodeOutcome.Damaged ? throw Damaged(compressor, stream.Length) : outcome == DecodeOutcome.Done;
    }

    private static Compressor Find(uint headerId)
    {
        foreach (var known in Compressor.All)
        {
            if (known.HeaderId == headerId)
            {
                return known;
            }
        }
        throw new BackupException(ErrorKind.Unsupported, $"The compression header id 0x{headerId:x} is not known.",
            "Open the repository with a version that knows it.");
    }

    private static BackupException Damaged(Compressor compressor, int length) =>
        new(ErrorKind.Corrupt, $"A {compressor.Name} stream of {length} bytes is damaged.", CorruptionRemedy);

    private static BackupException NotWritable(Compressor compressor) =>
        new(ErrorKind.Unsupported, $"The compressor '{compressor.Name}' can only be read here.",
            "Choose one of: " + string.Join(", ", Compressor.All.Where(c => c.CanWrite).Select(c => c.Name)) + ".");
}
