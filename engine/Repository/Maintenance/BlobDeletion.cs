using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Blobs that were deleted.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">Their stored length.</param>
internal readonly record struct BlobDeletion(long Count, long Bytes)
{
    /// <summary>Deletes at a time, as Kopia does.</summary>
    private const int Parallelism = 16;

    public static BlobDeletion operator +(BlobDeletion left, BlobDeletion right) => new(left.Count + right.Count, left.Bytes + right.Bytes);

    /// <summary>Deletes blobs, several at a time; one that is gone already is no error.</summary>
    public static async Task<BlobDeletion> RunAsync(IBlobStore store, IReadOnlyCollection<BlobInfo> blobs, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(blobs, parallel, async (blob, token) => await store.DeleteAsync(blob.Name, token));
        return new BlobDeletion(blobs.Count, blobs.Sum(static blob => blob.LengthBytes));
    }
}
