using BackupFunctions.Engine.Catalog.Archive;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog;

/// <summary>Joins what several workers wrote, without unpacking it: gzip members may follow each other.</summary>
public static class JoinedParts
{
    /// <summary>A whole tarball of the parts that <see cref="ItemTarWriter"/>s wrote into blobs, in the given order. The caller disposes it.</summary>
    public static Stream OfTarball(IBlobStore store, IReadOnlyList<BlobName> parts, DateTimeOffset modified) =>
        new JoinedBlobStream(store, ItemTarWriter.HeaderPart(modified), parts, ItemTarWriter.EndPart());

    /// <summary>A whole log of the blobs that <see cref="BackupLog"/>s wrote, and of what the joining worker itself logged. The caller disposes it.</summary>
    public static Stream OfLog(IBlobStore store, IReadOnlyList<BlobName> parts, ReadOnlyMemory<byte> last) =>
        new JoinedBlobStream(store, default, parts, last);
}
