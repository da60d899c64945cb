namespace BackupFunctions.Engine.Storage;

/// <summary>
/// A bucket of named, immutable-by-convention blobs. What every provider guarantees:
/// <list type="bullet">
/// <item>A put is atomic: readers see the old content, the new content or nothing, never a part; when it returns, the content is durable.</item>
/// <item>Read-after-write and list-after-write consistency, across processes.</item>
/// <item><see cref="PutCondition.IfAbsent"/> is decided by the store, so of many concurrent puts exactly one wins
/// (where <see cref="SupportsConditionalPut"/> is false the condition is refused with <c>Unsupported</c>).</item>
/// <item>All members may be called concurrently. Cancellation leaves the blob either old or new.</item>
/// </list>
/// Failures are <see cref="Errors.BackupException"/>: <c>NotFound</c> for a missing blob, <c>AccessDenied</c>, <c>Unavailable</c>
/// (transient; providers do not retry, the retry wrapper does), each naming the blob and the store, never credentials.
/// </summary>
public interface IBlobStore
{
    /// <summary>The store for people: its URL without credentials.</summary>
    string DisplayName { get; }

    /// <summary>Whether <see cref="PutCondition.IfAbsent"/> is decided by the store itself.</summary>
    bool SupportsConditionalPut { get; }

    /// <summary>What the store knows of the blob, or null when there is none.</summary>
    Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Opens the whole blob, or the <paramref name="range"/> of it, as a forward-only stream that the caller disposes.</summary>
    /// <exception cref="Errors.BackupException">NotFound; or Corrupt when the range reaches past the end.</exception>
    Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken);

    /// <summary>Puts content that is in memory, in one request. The memory is not used after the call returns.</summary>
    /// <returns>False when the condition was not met and nothing was written.</returns>
    Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken);

    /// <summary>Puts content of any length from a stream that is read once, in bounded memory (multipart where the store has it). Replaces what is there.</summary>
    /// <returns>The number of bytes written.</returns>
    Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken);

    /// <summary>Deletes the blob; a missing one is success.</summary>
    Task DeleteAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>All blobs whose name starts with <paramref name="prefix"/> (any text, "" for all), in ordinal order of UTF-8 names, page by page.</summary>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// The distinct next path segments below <paramref name="prefix"/> ("" or ending in '/') that have blobs below them, without
    /// a trailing '/', in the order of their names with it ("a.b/" before "a/"). For <c>backups/</c>: the names of the backup folders.
    /// </summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken);
}
