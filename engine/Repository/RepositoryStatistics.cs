using BackupFunctions.Engine.Repository.Index;

namespace BackupFunctions.Engine.Repository;

/// <summary>The contents of a repository by what they hold.</summary>
/// <param name="FileData">Chunks of files, and the targets of links.</param>
/// <param name="Directories">Directory objects.</param>
/// <param name="Manifests">Snapshots, policies and the like.</param>
/// <param name="Lists">Lists of the chunks of large files.</param>
/// <param name="Others">Contents of kinds that only other programs know.</param>
/// <param name="Deleted">Contents marked as deleted, which maintenance has yet to remove.</param>
/// <param name="CompressedCount">How many of those that are not deleted are compressed.</param>
public sealed record RepositoryStatistics(
    ContentUsage FileData, ContentUsage Directories, ContentUsage Manifests, ContentUsage Lists, ContentUsage Others, ContentUsage Deleted, long CompressedCount)
{
    /// <summary>All that are not deleted.</summary>
    public ContentUsage All => FileData + Directories + Manifests + Lists + Others;

    /// <summary>Counts the contents of the index as of the last refresh, one after the other in constant memory.</summary>
    public static RepositoryStatistics Read(KopiaRepository repository, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ContentUsage data = default, directories = default, manifests = default, lists = default, others = default, deleted = default;
        long compressed = 0;
        foreach (IndexEntry entry in repository.Index.Current.Entries(prefix: null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ContentUsage one = new(1, entry.OriginalBytes, entry.PackedBytes);
            if (entry.IsDeleted)
            {
                deleted += one;
                continue;
            }

            compressed += entry.CompressionHeader == 0 ? 0 : 1;
            _ = entry.Id.Prefix switch
            {
                '\0' => data += one,
                'k' => directories += one,
                'm' => manifests += one,
                'x' => lists += one,
                _ => others += one,
            };
        }

        return new RepositoryStatistics(data, directories, manifests, lists, others, deleted, compressed);
    }
}
