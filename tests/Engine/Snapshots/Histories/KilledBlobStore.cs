using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>The store as a process sees it that is killed at its n-th write or deletion, just before it or just after it: from then on nothing gets through.</summary>
internal sealed class KilledBlobStore(IBlobStore inner, int atWrite, bool afterwards) : IBlobStore
{
    private int _writes;

    public bool IsDead => Volatile.Read(ref _writes) >= atWrite;

    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => Alive().TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) => Alive().OpenReadAsync(name, range, cancellationToken);

    public async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        await WriteAsync(() => inner.PutAsync(name, content, condition, cancellationToken));

    public async Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) =>
        await WriteAsync(() => inner.PutStreamAsync(name, content, cancellationToken));

    public async Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => await WriteAsync(async () =>
    {
        await inner.DeleteAsync(name, cancellationToken);
        return true;
    });

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => Alive().ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => Alive().ListFoldersAsync(prefix, cancellationToken);

    private IBlobStore Alive() => IsDead ? throw Dead() : inner;

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        int number = Interlocked.Increment(ref _writes);
        if (number > atWrite || (number == atWrite && !afterwards))
        {
            throw Dead();
        }

        T result = await write();
        return number == atWrite ? throw Dead() : result;
    }

    private BackupException Dead() => new(ErrorKind.Unavailable, $"{DisplayName} does not answer.", "Start the process again.");
}
