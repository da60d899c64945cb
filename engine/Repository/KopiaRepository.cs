using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// An open repository in Kopia's format. The store's root is the repository's prefix (blob names are flat). All members may be
/// called concurrently. Damage is <see cref="RepositoryCorruptException"/>; failures of the store come through as they are.
/// </summary>
public sealed class KopiaRepository : IAsyncDisposable
{
    /// <summary>What the repository is like.</summary>
    public RepositoryFormat Format => throw new NotImplementedException();

    /// <summary>Whether the store holds a repository.</summary>
    public static Task<bool> ExistsAsync(IBlobStore store, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Creates a repository and opens it. Of several that try at once one succeeds.</summary>
    /// <exception cref="Errors.BackupException">AlreadyExists: there is a repository, another creator won, or other blobs lie there; InvalidInput; Unsupported.</exception>
    public static Task<KopiaRepository> CreateAsync(
        IBlobStore store, string password, NewRepositoryOptions create, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Opens a repository.</summary>
    /// <exception cref="Errors.BackupException">NotFound; WrongPassword; Unsupported (version, error correction, unknown features, an upgrade in progress); Corrupt.</exception>
    public static Task<KopiaRepository> OpenAsync(
        IBlobStore store, string password, RepositoryOptions options, TimeProvider time, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Loads the indexes anew, so that what others published is seen.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Opens an object for reading from its start; contents are fetched ahead in bounded memory. The caller disposes the stream.</summary>
    /// <exception cref="Errors.BackupException">NotFound: there is no such object.</exception>
    public Task<Stream> OpenObjectAsync(ObjectId id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reads a whole object. The caller disposes the lease.</summary>
    /// <exception cref="Errors.BackupException">NotFound; Corrupt when it is longer than <paramref name="maxBytes"/>.</exception>
    public Task<PooledBytes> ReadObjectAsync(ObjectId id, int maxBytes, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The contents of an object in order of its bytes.</summary>
    public IAsyncEnumerable<ObjectContent> ListObjectContentsAsync(ObjectId id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reads the plain bytes of one content that <see cref="ListObjectContentsAsync"/> named. The caller disposes the lease.</summary>
    public Task<PooledBytes> ReadContentAsync(ObjectContent content, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All manifest entries that have all the given labels, oldest first, in the view of the last refresh.</summary>
    public Task<IReadOnlyList<ManifestEntry>> FindManifestsAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The manifest entry of this name, or null.</summary>
    public Task<ManifestEntry?> TryGetManifestAsync(ManifestId id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts writing. The caller disposes the session.</summary>
    /// <exception cref="Errors.BackupException">Unsupported: the repository demands something of writers that is not there (object lock).</exception>
    public Task<WriteSession> StartWriteSessionAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
