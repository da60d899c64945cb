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
        new(0x1100, "zstd", CompressedFormat.Zstd, 3),
        new(0x1101, "zstd-fastest", CompressedFormat.Zstd, 1),
        new(0x1102, "zstd-better-compression", CompressedFormat.Zstd, 6),
        new(0x1103, "zstd-best-compression", CompressedFormat.Zstd, 9),
    ];

    /// <summary>Whether the format is also written here.</summary>
    public bool CanWrite => Format is CompressedFormat.Zstd or CompressedFormat.Gzip or CompressedFormat.Deflate;
}
