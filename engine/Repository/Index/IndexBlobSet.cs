using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>The index blobs that count together, and up to when deletions are final.</summary>
/// <param name="Blobs">All blobs to load.</param>
/// <param name="WatermarkSeconds">Unix seconds; <see cref="long.MinValue"/> when there is no watermark.</param>
internal sealed record IndexBlobSet(IReadOnlyList<BlobInfo> Blobs, long WatermarkSeconds);
