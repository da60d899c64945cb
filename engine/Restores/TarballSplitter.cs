using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// Sorts objects of a tarball by the item that will restore them, in one pass and bounded memory: groups are packed in memory, and
/// the largest one is put into the work folder whenever all together grow too big.
/// </summary>
internal sealed class TarballSplitter(IBlobStore store, Plan plan, PlanItem item, AttemptId attempt, DateTimeOffset modified) : IAsyncDisposable
{
    private const long MaxBufferedBytes = 48 << 20;

    // Each open group holds a compressor's window and tables, some 300 KiB.
    private const int MaxOpenGroups = 64;

    private readonly Dictionary<string, Buffer> buffers = [];
    private readonly Dictionary<string, List<string>> parts = [];
    private long bufferedBytes;
    private int partCount;
    private long useCount;

    public async Task AddAsync(ItemKey key, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        string group = ObjectGroup.Of(key);
        if (!buffers.TryGetValue(group, out Buffer? buffer))
        {
            if (buffers.Count >= MaxOpenGroups)
            {
                await FlushAsync(buffers.MinBy(entry => entry.Value.LastUse).Key, cancellationToken);
            }

            buffers[group] = buffer = new Buffer(modified);
        }

        buffer.LastUse = useCount++;

        // The version is only for readers of the copy below a version directory, and nobody reads that one here.
        await buffer.Writer.AddAsync(key, "v1", isPreferredVersion: true, json, cancellationToken);
        buffer.RawBytes += json.Length;
        bufferedBytes += json.Length;
        if (bufferedBytes > MaxBufferedBytes)
        {
            await FlushAsync(buffers.MaxBy(entry => entry.Value.RawBytes).Key, cancellationToken);
        }
    }

    /// <summary>Puts what is left, and says where everything lies.</summary>
    public async Task<SplitTarball> CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (string group in buffers.Keys.ToList())
        {
            await FlushAsync(group, cancellationToken);
        }

        return new SplitTarball { Parts = parts.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)entry.Value) };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Buffer buffer in buffers.Values)
        {
            await buffer.DisposeAsync();
        }
    }

    private async Task FlushAsync(string group, CancellationToken cancellationToken)
    {
        await using Buffer buffer = buffers[group];
        buffers.Remove(group);
        bufferedBytes -= buffer.RawBytes;
        await buffer.Writer.CompleteAsync(cancellationToken);
        BlobName name = plan.Id.Part(item.Id, attempt, $"-{partCount++}.tar.gz");
        await store.PutAsync(name, buffer.Packed.GetBuffer().AsMemory(0, (int)buffer.Packed.Length), PutCondition.Always, cancellationToken);
        if (!parts.TryGetValue(group, out List<string>? names))
        {
            parts[group] = names = [];
        }

        names.Add(name.ToString());
    }

    private sealed class Buffer : IAsyncDisposable
    {
        public Buffer(DateTimeOffset modified) => Writer = new ItemTarWriter(Packed, modified);

        public MemoryStream Packed { get; } = new();

        public ItemTarWriter Writer { get; }

        public long RawBytes { get; set; }

        public long LastUse { get; set; }

        public async ValueTask DisposeAsync()
        {
            await Writer.DisposeAsync();
            await Packed.DisposeAsync();
        }
    }
}
