using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Upkeep;

/// <summary>
/// Refuses the n-th write or deletion, counted from 1, and everything after it: to the bucket the same as a process killed there.
/// Killed in between is the same state as killed before the next write.
/// </summary>
internal sealed class DyingStore(IBlobStore inner, int diesAtWrite) : IBlobStore
{
    private int writes;

    public bool IsDead => Volatile.Read(ref writes) >= diesAtWrite;

    public int Writes => Volatile.Read(ref writes);

    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => Alive().TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) => Alive().OpenReadAsync(name, range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        Write().PutAsync(name, content, condition, cancellationToken);

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) => Write().PutStreamAsync(name, content, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => Write().DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => Alive().ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => Alive().ListFoldersAsync(prefix, cancellationToken);

    private IBlobStore Alive() => IsDead ? throw Dead() : inner;

    private IBlobStore Write() => Interlocked.Increment(ref writes) >= diesAtWrite ? throw Dead() : inner;

    private BackupException Dead() => new(ErrorKind.Unavailable, $"{DisplayName} does not answer.", "Start the process again.");
}
