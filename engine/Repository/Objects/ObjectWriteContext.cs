using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Repository.Splitting;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>What all object writers of a session share.</summary>
/// <param name="Contents">Where chunks go.</param>
/// <param name="SplitterName">How objects are cut.</param>
/// <param name="Lanes">Chunks that may be hashed and encrypted at a time, over all objects.</param>
/// <param name="LanesPerObject">The same for one object.</param>
internal sealed record ObjectWriteContext(ContentWriter Contents, string SplitterName, SemaphoreSlim Lanes, int LanesPerObject)
{
    /// <summary>Letter of the lists of objects without a letter.</summary>
    public const char ListPrefix = 'x';

    /// <summary>Letter of directories and of their lists.</summary>
    public const char DirectoryPrefix = 'k';

    public Splitter CreateSplitter() => Splitter.Create(SplitterName);

    /// <summary>
    /// Writes one chunk that is in memory. Where the index says how contents are compressed, that is left to the contents: they keep the
    /// name of their plain bytes. Else a chunk without a letter is compressed here, if that makes it shorter, and its name says so;
    /// metadata is not.
    /// </summary>
    public async ValueTask<ObjectId> WriteChunkAsync(char prefix, ReadOnlyMemory<byte> chunk, ObjectCompression compression, CancellationToken cancellationToken) =>
        await TryWriteCompressedAsync(prefix, chunk, compression, cancellationToken)
            ?? ObjectId.Direct(await Contents.WriteAsync(prefix, chunk, HeaderOf(prefix, compression), cancellationToken));

    /// <summary>The same for the first bytes of a buffer, which is the caller's again after the call but may hold anything then.</summary>
    public async ValueTask<ObjectId> WriteChunkAsync(
        char prefix, ChunkBuffer chunk, int chunkBytes, ObjectCompression compression, CancellationToken cancellationToken) =>
        await TryWriteCompressedAsync(prefix, chunk.Plain[..chunkBytes], compression, cancellationToken)
            ?? ObjectId.Direct(await Contents.WriteAsync(prefix, chunk, chunkBytes, HeaderOf(prefix, compression), cancellationToken));

    /// <summary>Metadata is compressed in any case.</summary>
    private static uint HeaderOf(char prefix, ObjectCompression compression) => prefix == '\0' ? compression.Header : ContentCompression.ZstdFastest;

    private async ValueTask<ObjectId?> TryWriteCompressedAsync(
        char prefix, ReadOnlyMemory<byte> chunk, ObjectCompression compression, CancellationToken cancellationToken)
    {
        if (compression.Header == 0 || prefix != '\0' || Contents.HasContentCompression || chunk.Length <= 1)
        {
            return null;
        }

        using ChunkBuffer shorter = new(chunk.Length - 1);
        return ContentCompression.TryCompressShorter(compression.Header, chunk.Span, shorter.Plain.Span, out int length)
            ? ObjectId.DirectCompressed(await Contents.WriteAsync(prefix, shorter, length, compression: 0, cancellationToken))
            : null;
    }
}
