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

    /// <summary>Metadata is compressed, file data is not.</summary>
    public static uint CompressionOf(char prefix) => prefix == '\0' ? 0 : ContentCompression.ZstdFastest;
}
