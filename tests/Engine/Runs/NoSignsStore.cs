using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>Hides the signs of life of workers, so that nobody leaves an item to another one.</summary>
internal sealed class NoSignsStore(IBlobStore inner) : IBlobStore
{
    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    public async Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) =>
        name.ToString().Contains("/work/progress/", StringComparison.Ordinal) ? null : await inner.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) => inner.OpenReadAsync(name, range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        inner.PutAsync(name, content, condition, cancellationToken);

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) => inner.PutStreamAsync(name, content, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);
}
