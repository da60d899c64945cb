using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Index;

/// <summary>How index blobs are named and which of them count: by epochs, or the old way.</summary>
internal interface IIndexBlobStore
{
    /// <summary>Lists the blobs that count now.</summary>
    Task<IndexBlobSet> ListActiveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Encrypts and puts one index. When it returns, every reader that lists afterwards sees the entries; when it throws, none or
    /// all of them may be seen.
    /// </summary>
    /// <returns>The blob's name and stored length.</returns>
    Task<(BlobName Name, int StoredBytes)> WriteAsync(ReadOnlyMemory<byte> index, string sessionId, CancellationToken cancellationToken);
}
