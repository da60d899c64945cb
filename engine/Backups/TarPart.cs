using System.IO.Pipelines;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Backups;

/// <summary>
/// Tar members on their way into a blob of the store: what is added flows through a bounded pipe into a streaming put, so a
/// namespace of any size takes a few hundred KiB of memory. The blob exists only after <see cref="CompleteAsync"/>.
/// </summary>
internal sealed class TarPart : IAsyncDisposable
{
    private readonly Pipe pipe = new();
    private readonly CancellationTokenSource abandoned;
    private readonly Task<long> upload;
    private readonly ItemTarWriter writer;
    private readonly SortedDictionary<string, SortedSet<string>> resources = new(StringComparer.Ordinal);
    private bool completed;

    public TarPart(IBlobStore store, BlobName name, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        Name = name;
        abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        upload = store.PutStreamAsync(name, pipe.Reader.AsStream(), abandoned.Token);
        writer = new ItemTarWriter(pipe.Writer.AsStream(leaveOpen: true), modified);
    }

    public BlobName Name { get; }

    /// <summary>Objects added so far.</summary>
    public long Count { get; private set; }

    /// <summary>What was added: <c>apiVersion/Kind</c> to sorted names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Resources =>
        resources.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)[.. entry.Value]);

    /// <summary>Adds an object; one that was added before is left out and false is returned.</summary>
    public async Task<bool> AddAsync(ApiResource type, KubeObject item, CancellationToken cancellationToken)
    {
        string kind = $"{item.ApiVersion}/{item.Kind}";
        if (!resources.TryGetValue(kind, out SortedSet<string>? names))
        {
            resources[kind] = names = new SortedSet<string>(StringComparer.Ordinal);
        }

        if (!names.Add(item.Namespace is { } ns ? $"{ns}/{item.Name}" : item.Name))
        {
            return false;
        }

        if (upload.IsFaulted)
        {
            await upload; // the store refused the part: nothing more need be read
        }

        ItemKey key = new(type.Gvr.GroupResource, item.Namespace, item.Name);
        await writer.AddAsync(key, type.Gvr.Version, isPreferredVersion: true, item.ToUtf8Json(), cancellationToken);
        Count++;
        return true;
    }

    /// <summary>Ends the part; when it returns, the blob is durable.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await writer.CompleteAsync(cancellationToken);
        await pipe.Writer.CompleteAsync();
        await upload;
        completed = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!completed)
        {
            await abandoned.CancelAsync();
            await pipe.Writer.CompleteAsync(new OperationCanceledException("The part was abandoned."));
            await upload.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        abandoned.Dispose();
    }
}
