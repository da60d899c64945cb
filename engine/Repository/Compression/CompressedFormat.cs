namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>What the bytes after a compression header are.</summary>
internal enum CompressedFormat
{
    Zstd,
    Gzip,
    Deflate,
    Snappy,
    Lz4,
}
