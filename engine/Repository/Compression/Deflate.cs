using System.IO.Compression;
using System.Runtime.InteropServices;
using BackupFunctions.Engine.Buffers;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// Deflate (RFC 1951), bare or in gzip members (RFC 1952), by .NET's zlib. .NET offers it as streams over arrays only, so bytes
/// pass through a leased buffer.
/// </summary>
internal static class Deflate
{
    // .NET writes nothing at all for empty input; these are the shortest streams that say so.
    private static ReadOnlySpan<byte> EmptyDeflate => [0x03, 0x00];

    private static ReadOnlySpan<byte> EmptyGzip => [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>zlib's fast strategies may spend nine bits on each byte, and gzip adds a header and a trailer.</summary>
    public static int MaxCompressedLength(int length) => checked(length + (length / 8) + 128);

    /// <summary>Writes one stream; false when it does not fit.</summary>
    public static bool TryCompress(bool gzip, ReadOnlySpan<byte> source, Span<byte> destination, int level, out int written)
    {
        if (source.IsEmpty)
        {
            var empty = gzip ? EmptyGzip : EmptyDeflate;
            written = empty.Length;
            return empty.TryCopyTo(destination);
        }
        using var output = new BoundedStream(destination.Length);
        var options = new ZLibCompressionOptions { CompressionLevel = level };
        using (Stream compressor = gzip ? new GZipStream(output, options, leaveOpen: true) : new DeflateStream(output, options, leaveOpen: true))
        {
            compressor.Write(source);
        }
        written = output.Written.Length;
        return !output.Overflowed && output.Written.TryCopyTo(destination);
    }

    /// <summary>Reads one deflate stream, or any number of gzip members with their checksums.</summary>
    public static DecodeOutcome Decompress(bool gzip, ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (source.IsEmpty)
        {
            return DecodeOutcome.Damaged;
        }
        using var lease = PooledBytes.Rent(source.Length);
        source.CopyTo(lease.Span);
        MemoryMarshal.TryGetArray((ReadOnlyMemory<byte>)lease.Memory, out var segment);
        using var input = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false); // a lease is always an array
        using Stream decompressor = gzip ? new GZipStream(input, CompressionMode.Decompress) : new DeflateStream(input, CompressionMode.Decompress);
        try
        {
            written = decompressor.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            // Only reading on reaches the trailer with its checksum.
            return decompressor.ReadByte() < 0 ? DecodeOutcome.Done : DecodeOutcome.DestinationTooSmall;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return DecodeOutcome.Damaged;
        }
    }
}
