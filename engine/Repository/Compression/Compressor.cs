namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// One of Kopia's compressors: section 5.3 of the format notes, kopia v0.23.1 <c>repo/compression/compression_ids.go</c>.
/// <paramref name="Level"/> is the level that the library here writes with; readers of a format do not care.
/// </summary>
/// <param name="HeaderId">The four bytes, big-endian, before the stream.</param>
/// <param name="Name">The name in policies.</param>
/// <param name="Format">What the stream is.</param>
/// <param name="Level">The level in the terms of the library that writes the format.</param>
internal sealed record Compressor(uint HeaderId, string Name, CompressedFormat Format, int Level)
{
    public static IReadOnlyList<Compressor> All { get; } =
    [
        new(0x1000, "gzip", CompressedFormat.Gzip, 6),
        new(0x1001, "gzip-best-speed", CompressedFormat.Gzip, 1),
        new(0x1002, "gzip-best-compression", CompressedFormat.Gzip, 9),
        new(0x1100, "zstd", CompressedFormat.Zstd, 3),
        new(0x1101, "zstd-fastest", CompressedFormat.Zstd, 1),
        new(0x1102, "zstd-better-compression", CompressedFormat.Zstd, 6),
        new(0x1103, "zstd-best-compression", CompressedFormat.Zstd, 9),
        new(0x1200, "s2-default", CompressedFormat.Snappy, 0),
        new(0x1201, "s2-better", CompressedFormat.Snappy, 0),
        new(0x1202, "s2-parallel-4", CompressedFormat.Snappy, 0),
        new(0x1203, "s2-parallel-8", CompressedFormat.Snappy, 0),
        new(0x1300, "pgzip", CompressedFormat.Gzip, 6),
        new(0x1301, "pgzip-best-speed", CompressedFormat.Gzip, 1),
        new(0x1302, "pgzip-best-compression", CompressedFormat.Gzip, 9),
        new(0x1400, "lz4", CompressedFormat.Lz4, 0),
        new(0x1500, "deflate-default", CompressedFormat.Deflate, 6),
        new(0x1501, "deflate-best-speed", CompressedFormat.Deflate, 1),
        new(0x1502, "deflate-best-compression", CompressedFormat.Deflate, 9),
    ];

    /// <summary>Whether the format is also written here.</summary>
    public bool CanWrite => Format is not CompressedFormat.Lz4; // which Kopia v0.23 does not know any more
}
