using System.Text.Json;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Manifests;
using BackupFunctions.Engine.Repository.Objects;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Repository.Splitting;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Writing to a repository. All members may be called concurrently by many writers. Objects and manifests become visible to others
/// by <see cref="FlushAsync"/> only; disposed without it, nothing of them does. After a failure of the store, or a flush that was
/// cancelled, every call fails and the session is to be disposed.
/// </summary>
public sealed class WriteSession : IAsyncDisposable
{
    private const int ReadBytes = 256 << 10;

    private readonly ContentWriter _contents;
    private readonly ManifestWriter _manifests;
    private readonly WriteCounters _counters;
    private readonly ObjectWriteContext _objects;
    private readonly ObjectReader _reader;

    internal WriteSession(ContentWriter contents, ManifestWriter manifests, WriteCounters counters, string splitter, RepositoryOptions options)
    {
        _contents = contents;
        _manifests = manifests;
        _counters = counters;
        _objects = new ObjectWriteContext(contents, splitter, new SemaphoreSlim(options.Concurrency, options.Concurrency), options.Concurrency);
        _reader = new ObjectReader(contents.ReadAsync, options.ReadAhead);
    }

    /// <summary>The layer below, for maintenance.</summary>
    internal ContentWriter Contents => _contents;

    /// <summary>What was written so far.</summary>
    public WriteStatistics Statistics => _counters.Snapshot();

    /// <summary>Writes the bytes of the stream to its end, in bounded memory, not compressed if it is a file's.</summary>
    public Task<ObjectId> WriteObjectAsync(Stream content, ObjectKind kind, CancellationToken cancellationToken) =>
        WriteObjectAsync(content, kind, ObjectCompression.None, cancellationToken);

    /// <summary>Writes the bytes of the stream to its end, in bounded memory.</summary>
    /// <param name="compression">Of files; directories are always compressed where the format knows it.</param>
    public async Task<ObjectId> WriteObjectAsync(Stream content, ObjectKind kind, ObjectCompression compression, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using ChunkedObjectWriter writer = CreateWriter(kind, content.CanSeek ? content.Length - content.Position : null, compression);
        int read;
        while ((read = await content.ReadAsync(writer.GetMemory(ReadBytes), cancellationToken)) > 0)
        {
            await writer.AdvanceAsync(read, cancellationToken);
        }

        return await writer.FinishAsync(cancellationToken);
    }

    /// <summary>Writes bytes that are in memory, not compressed if they are a file's; they are not used after the call.</summary>
    public Task<ObjectId> WriteObjectAsync(ReadOnlyMemory<byte> content, ObjectKind kind, CancellationToken cancellationToken) =>
        WriteObjectAsync(content, kind, ObjectCompression.None, cancellationToken);

    /// <summary>Writes bytes that are in memory; they are not used after the call.</summary>
    /// <param name="compression">Of files; directories are always compressed where the format knows it.</param>
    public async Task<ObjectId> WriteObjectAsync(ReadOnlyMemory<byte> content, ObjectKind kind, ObjectCompression compression, CancellationToken cancellationToken)
    {
        Splitter splitter = _objects.CreateSplitter();
        int cut = splitter.NextSplitPoint(content.Span);
        if (cut < 0 || cut == content.Length)
        {
            return await _objects.WriteChunkAsync(PrefixOf(kind), content, compression, cancellationToken);
        }

        await using ChunkedObjectWriter writer = CreateWriter(kind, content.Length, compression);
        await writer.WriteAsync(content, cancellationToken);
        return await writer.FinishAsync(cancellationToken);
    }

    /// <summary>Starts an object whose bytes are pushed. The caller disposes the writer.</summary>
    /// <param name="kind">What the bytes are.</param>
    /// <param name="expectedBytes">A hint for the first buffer's size; null when unknown.</param>
    /// <param name="compression">Of files; directories are always compressed where the format knows it.</param>
    public ObjectWriter CreateObjectWriter(ObjectKind kind, long? expectedBytes, ObjectCompression compression = default) =>
        new(CreateWriter(kind, expectedBytes, compression));

    /// <summary>
    /// The file whose bytes are those of the given objects in turn, without reading their data: for large files that are written in
    /// parts (2 GiB each as Kopia cuts them, so that both deduplicate). At least one part.
    /// </summary>
    public async Task<ObjectId> ConcatenateAsync(IReadOnlyList<(ObjectId Id, long LengthBytes)> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        List<(ObjectId Id, long LengthBytes)> filled = [.. parts.Where(static part => part.LengthBytes > 0)];
        if (filled.Count <= 1)
        {
            return filled.Count == 1 ? filled[0].Id : parts[0].Id;
        }

        List<ObjectPart> entries = [];
        long end = 0;
        foreach ((ObjectId id, long lengthBytes) in filled)
        {
            long start = end;
            if (id.Indirections == 0)
            {
                entries.Add(new ObjectPart(start, lengthBytes, id));
                end = start + lengthBytes;
            }
            else
            {
                await foreach (ObjectPart entry in _reader.ListEntriesAsync(id, cancellationToken))
                {
                    entries.Add(entry with { Start = start + entry.Start });
                    end = start + entry.Start + entry.LengthBytes;
                }
            }

            if (end != start + lengthBytes)
            {
                throw new ArgumentException($"The part {id} has {end - start} bytes, not {lengthBytes}.", nameof(parts));
            }
        }

        return await IndirectListWriter.WriteAsync(_objects, PrefixOf(ObjectKind.File), entries, cancellationToken);
    }

    /// <summary>Adds a manifest entry; visible after the next flush. The label <c>type</c> is required and the JSON is checked.</summary>
    public ManifestId PutManifest(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json)
    {
        CheckManifest(labels, json);
        return _manifests.Put(labels, json);
    }

    /// <summary>Deletes a manifest entry with the next flush; one that does not exist is no error.</summary>
    public void DeleteManifest(ManifestId id) => _manifests.Delete(id);

    /// <summary>Deletes all entries that have all these labels and adds one instead; nothing happens when the one entry has this very value.</summary>
    /// <returns>The entry that has the value now.</returns>
    public Task<ManifestId> ReplaceManifestAsync(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        CheckManifest(labels, json);
        return _manifests.ReplaceAsync(labels, json, cancellationToken);
    }

    /// <summary>
    /// Publishes every object that was finished and every manifest that was put before the call; the session goes on. To be called at
    /// least every 45 minutes with a checkpoint manifest, because garbage collection spares unreferenced contents for a limited time.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexEntry> replacedManifests = await _manifests.WriteAsync(cancellationToken);
        await _contents.FlushAsync(replacedManifests, cancellationToken);
    }

    /// <summary>Ends the session. What was not flushed stays invisible.</summary>
    public async ValueTask DisposeAsync()
    {
        await _contents.DisposeAsync();
        _objects.Lanes.Dispose();
    }

    private ChunkedObjectWriter CreateWriter(ObjectKind kind, long? expectedBytes, ObjectCompression compression) =>
        new(_objects, PrefixOf(kind), compression, expectedBytes);

    private static char PrefixOf(ObjectKind kind) => kind == ObjectKind.Directory ? ObjectWriteContext.DirectoryPrefix : '\0';

    private static void CheckManifest(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (!labels.TryGetValue("type", out string? type) || type.Length == 0)
        {
            throw new ArgumentException("A manifest needs the label 'type'.", nameof(labels));
        }

        Utf8JsonReader reader = new(json.Span);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException malformed)
        {
            throw new ArgumentException("A manifest's value must be JSON.", nameof(json), malformed);
        }
    }
}
