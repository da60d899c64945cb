using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Snapshots;

/// <summary>A store that asks before and tells after each put.</summary>
internal sealed class GatedBlobStore(IBlobStore inner, Func<string, Task> before, Action<string> after) : IBlobStore
{
    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => inner.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) => inner.OpenReadAsync(name, range, cancellationToken);

    public async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        await before(name.ToString());
        bool done = await inner.PutAsync(name, content, condition, cancellationToken);
        after(name.ToString());
        return done;
    }

    public async Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        await before(name.ToString());
        long length = await inner.PutStreamAsync(name, content, cancellationToken);
        after(name.ToString());
        return length;
    }

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);
}
