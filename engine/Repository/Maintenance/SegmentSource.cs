using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>The segments of given index blobs: from the present view where it has them, else read.</summary>
internal static class SegmentSource
{
    private const int MaxBlobBytes = 1 << 30;

    public static async Task<List<IndexSegment>> LoadAsync(KopiaRepository repository, IReadOnlyCollection<BlobInfo> blobs, CancellationToken cancellationToken)
    {
        Dictionary<string, IndexSegment> known = [];
        foreach (IndexSegment segment in repository.Index.Current.Segments)
        {
            known[segment.Blob] = segment;
        }

        List<IndexSegment> segments = [];
        foreach (BlobInfo blob in blobs)
        {
            if (!known.TryGetValue(blob.Name.ToString(), out IndexSegment? segment))
            {
                byte[] stored = await WholeBlob.ReadAsync(repository.Store, blob, MaxBlobBytes, cancellationToken);
                segment = IndexSegment.Parse(blob.Name.ToString(), repository.Crypto.DecryptBlob(blob.Name, stored));
            }

            if (segment.Count > 0)
            {
                segments.Add(segment);
            }
        }

        return segments;
    }
}
