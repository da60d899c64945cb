namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Writing to a repository. All members may be called concurrently by many writers. Objects and manifests become visible to others
/// by <see cref="FlushAsync"/> only; disposed without it, nothing of them does. After a failure of the store every call fails, and
/// the session is to be disposed.
/// </summary>
public sealed class WriteSession : IAsyncDisposable
{
    /// <summary>What was written so far.</summary>
    public WriteStatistics Statistics => throw new NotImplementedException();

    /// <summary>Writes the bytes of the stream to its end, in bounded memory.</summary>
    public Task<ObjectId> WriteObjectAsync(Stream content, ObjectKind kind, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Writes bytes that are in memory; they are not used after the call.</summary>
    public Task<ObjectId> WriteObjectAsync(ReadOnlyMemory<byte> content, ObjectKind kind, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts an object whose bytes are pushed. The caller disposes the writer.</summary>
    /// <param name="expectedBytes">A hint for the first buffer's size; null when unknown.</param>
    public ObjectWriter CreateObjectWriter(ObjectKind kind, long? expectedBytes) => throw new NotImplementedException();

    /// <summary>
    /// The file whose bytes are those of the given objects in turn, without reading their data: for large files that are written in
    /// parts (2 GiB each as Kopia cuts them, so that both deduplicate). At least one part.
    /// </summary>
    public Task<ObjectId> ConcatenateAsync(IReadOnlyList<(ObjectId Id, long LengthBytes)> parts, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Adds a manifest entry; visible after the next flush. The label <c>type</c> is required and the JSON is checked.</summary>
    public ManifestId PutManifest(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json) => throw new NotImplementedException();

    /// <summary>Deletes a manifest entry with the next flush; one that does not exist is no error.</summary>
    public void DeleteManifest(ManifestId id) => throw new NotImplementedException();

    /// <summary>Deletes all entries that have all these labels and adds one instead; nothing happens when the one entry has this very value.</summary>
    public Task<ManifestId> ReplaceManifestAsync(IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Publishes every object that was finished and every manifest that was put before the call; the session goes on. To be called at
    /// least every 45 minutes with a checkpoint manifest, because garbage collection spares unreferenced contents for a limited time.
    /// </summary>
    public Task FlushAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends the session. What was not flushed stays invisible.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
