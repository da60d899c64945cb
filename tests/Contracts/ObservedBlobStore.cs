using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Tests.Contracts;

/// <summary>Records every call to a store, and makes those fail that the test picks.</summary>
internal sealed class ObservedBlobStore(IBlobStore inner) : IBlobStore
{
    private readonly ConcurrentQueue<StoreCall> calls = new();
    private int number;

    /// <summary>Decides what happens to a call; it has <see cref="StoreCall.Bytes"/> for puts only.</summary>
    public Func<StoreCall, StoreFault> Fault { get; set; } = _ => StoreFault.None;

    public string DisplayName => inner.DisplayName;

    public bool SupportsConditionalPut => inner.SupportsConditionalPut;

    /// <summary>All calls so far, in order of their numbers.</summary>
    public IReadOnlyList<StoreCall> Calls => [.. calls.OrderBy(call => call.Number)];

    public int Count(StoreOperation operation, string prefix = "") => Matching(operation, prefix).Count();

    public long Bytes(StoreOperation operation, string prefix = "") => Matching(operation, prefix).Sum(call => call.Bytes);

    /// <summary>Forgets the calls so far; numbers start at 1 again.</summary>
    public void Reset()
    {
        calls.Clear();
        number = 0;
    }

    public async Task<BlobInfo?> TryGetInfoAsync(BlobName name, CancellationToken cancellationToken)
    {
        StoreFault fault = Begin(StoreOperation.Info, name.ToString(), 0, cancellationToken);
        return After(fault, name, await inner.TryGetInfoAsync(name, cancellationToken));
    }

    public async Task<Stream> OpenReadAsync(BlobName name, BlobRange? range, CancellationToken cancellationToken)
    {
        StoreFault fault = Begin(StoreOperation.Get, name.ToString(), 0, cancellationToken);
        Stream stream = await inner.OpenReadAsync(name, range, cancellationToken);
        return fault == StoreFault.Cut ? new CutStream((BlobReadStream)stream) : After(fault, name, stream);
    }

    public async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        StoreFault fault = Begin(StoreOperation.Put, name.ToString(), content.Length, cancellationToken);
        return After(fault, name, await inner.PutAsync(name, content, condition, cancellationToken));
    }

    public async Task<long> PutStreamAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, cancellationToken);
        StoreFault fault = Begin(StoreOperation.Put, name.ToString(), copy.Length, cancellationToken);
        copy.Position = 0;
        return After(fault, name, await inner.PutStreamAsync(name, copy, cancellationToken));
    }

    public async Task DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        StoreFault fault = Begin(StoreOperation.Delete, name.ToString(), 0, cancellationToken);
        await inner.DeleteAsync(name, cancellationToken);
        After(fault, name, true);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreFault fault = Begin(StoreOperation.List, prefix, 0, cancellationToken);
        int seen = 0;
        await foreach (BlobInfo info in inner.ListAsync(prefix, cancellationToken))
        {
            yield return info;
            if (++seen == 2 && fault == StoreFault.Cut)
            {
                throw Unavailable(prefix);
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreFault fault = Begin(StoreOperation.List, prefix, 0, cancellationToken);
        int seen = 0;
        await foreach (string folder in inner.ListFoldersAsync(prefix, cancellationToken))
        {
            yield return folder;
            if (++seen == 2 && fault == StoreFault.Cut)
            {
                throw Unavailable(prefix);
            }
        }
    }

    private static BackupException Unavailable(string name) => new(ErrorKind.Unavailable, $"Injected failure at '{name}'.", "Try again.");

    private static T After<T>(StoreFault fault, BlobName name, T result) =>
        fault == StoreFault.FailAfter ? throw Unavailable(name.ToString()) : result;

    private IEnumerable<StoreCall> Matching(StoreOperation operation, string prefix) =>
        calls.Where(call => call.Operation == operation && call.Name.StartsWith(prefix, StringComparison.Ordinal));

    private StoreFault Begin(StoreOperation operation, string name, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreCall call = new(Interlocked.Increment(ref number), operation, name, bytes);
        calls.Enqueue(call);
        return Fault(call) switch
        {
            StoreFault.FailBefore => throw Unavailable(name),
            StoreFault.Deny => throw new BackupException(ErrorKind.AccessDenied, $"Injected refusal at '{name}'.", "Stop injecting."),
            StoreFault fault => fault,
        };
    }

    private sealed class CutStream(BlobReadStream inner) : BlobReadStream(inner.Info, inner.Length)
    {
        private long position;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (position >= Length / 2)
            {
                throw Unavailable(Info.Name.ToString());
            }

            int read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, (Length / 2) - position)], cancellationToken);
            position += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
