using BackupFunctions.Engine.Repository.Objects;

namespace BackupFunctions.Engine.Repository;

/// <summary>
/// Writes one object from bytes that are pushed in order: either copied by <see cref="WriteAsync"/>, or filled in place
/// (<see cref="GetMemory"/>, then <see cref="AdvanceAsync"/>). One caller at a time. Nothing is visible before the session commits;
/// a writer disposed without <see cref="FinishAsync"/> leaves nothing but contents that later garbage collection removes.
/// </summary>
public sealed class ObjectWriter : IAsyncDisposable
{
    private readonly ChunkedObjectWriter _chunks;

    internal ObjectWriter(ChunkedObjectWriter chunks) => _chunks = chunks;

    /// <summary>Bytes taken so far.</summary>
    public long LengthBytes => _chunks.LengthBytes;

    /// <summary>Free memory to fill next, at least one byte and at most <paramref name="maxBytes"/>; valid until the next call on this writer.</summary>
    public Memory<byte> GetMemory(int maxBytes) => _chunks.GetMemory(maxBytes);

    /// <summary>Takes the first <paramref name="count"/> bytes of what <see cref="GetMemory"/> lent.</summary>
    public ValueTask AdvanceAsync(int count, CancellationToken cancellationToken) => _chunks.AdvanceAsync(count, cancellationToken);

    /// <summary>Takes a copy of the bytes.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _chunks.WriteAsync(bytes, cancellationToken);

    /// <summary>Ends the object and returns its name once all its contents are taken by the session. An object of no bytes has a name too.</summary>
    public Task<ObjectId> FinishAsync(CancellationToken cancellationToken) => _chunks.FinishAsync(cancellationToken);

    public ValueTask DisposeAsync() => _chunks.DisposeAsync();
}
