namespace BackupFunctions.Engine.Storage;

/// <summary>
/// A blob that is being written in pieces. Pieces may be written and read by many callers at once, as long as they do not overlap;
/// publishing and disposing must be alone. Failures are those of <see cref="IBlobStore"/>, but nothing is repeated after one: what
/// a disk refused once it may have forgotten, so the blob is to be given up.
/// </summary>
internal interface IStagedBlob : IAsyncDisposable
{
    /// <summary>Writes a piece. The memory is not used after the call returns.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Reads what was written at this place before.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the blob durable, then visible under its name, in place of what is there: as atomic and durable as a put. Every byte up
    /// to the last must have been written. May be called once; disposed without it, nothing stays.
    /// </summary>
    Task PublishAsync(CancellationToken cancellationToken);
}
