namespace BackupFunctions.Engine.Repository;

/// <summary>How large a repository is and how its index stands.</summary>
/// <param name="DataPacks">Packs of file data.</param>
/// <param name="MetadataPacks">Packs of directories, manifests and lists.</param>
/// <param name="IndexBlobs">Index blobs and what compacts them, superseded ones included.</param>
/// <param name="OtherBlobs">All other blobs: format, session markers, logs, maintenance.</param>
/// <param name="ActiveIndexBlobs">Index blobs that count now.</param>
/// <param name="WriteEpoch">The epoch that index blobs are written to; null without epochs.</param>
public sealed record RepositoryStatus(
    BlobUsage DataPacks, BlobUsage MetadataPacks, BlobUsage IndexBlobs, BlobUsage OtherBlobs, int ActiveIndexBlobs, long? WriteEpoch)
{
    /// <summary>All blobs.</summary>
    public BlobUsage All => DataPacks + MetadataPacks + IndexBlobs + OtherBlobs;

    /// <summary>Lists all blobs and counts them.</summary>
    public static async Task<RepositoryStatus> ReadAsync(KopiaRepository repository, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        BlobUsage data = default, metadata = default, index = default, other = default;
        List<Storage.BlobInfo> epochBlobs = [];
        await foreach (Storage.BlobInfo blob in repository.Store.ListAsync("", cancellationToken))
        {
            switch (blob.Name.ToString()[0])
            {
                case 'p':
                    data = data.With(blob.LengthBytes);
                    break;
                case 'q':
                    metadata = metadata.With(blob.LengthBytes);
                    break;
                case 'x':
                    index = index.With(blob.LengthBytes);
                    epochBlobs.Add(blob);
                    break;
                case 'n' or 'm' or 'l':
                    index = index.With(blob.LengthBytes);
                    break;
                default:
                    other = other.With(blob.LengthBytes);
                    break;
            }
        }

        int active = repository.Index.Current.Segments.Count;
        return new RepositoryStatus(data, metadata, index, other, active, repository.Parameters.Epochs.Enabled ? Index.EpochState.From(epochBlobs).WriteEpoch : null);
    }
}
