using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Contracts;

/// <summary>A store that does not decide conditional writes.</summary>
internal sealed class UnconditionalBlobStore(IBlobStore inner) : IBlobStore
{
    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => false;

    public Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken) => inner.TryGetInfoAsync(name, cancellationToken);

    public Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(name, range, cancellationToken);

    public Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        condition == PutCondition.Always
            ? inner.PutAsync(name, content, condition, cancellationToken)
            : throw new BackupException(ErrorKind.Unsupported, "No conditional writes here.", "Use another store.");

    public Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken) =>
        inner.PutStreamAsync(name, content, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) => inner.ListFoldersAsync(prefix, cancellationToken);
}
