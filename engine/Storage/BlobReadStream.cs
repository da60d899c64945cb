namespace BackupFunctions.Engine.Storage;

/// <summary>
/// A forward-only stream over a blob or a part of it, which knows the blob it was opened on, so that a broken read can be taken
/// up again and a replaced blob is noticed.
/// </summary>
internal abstract class BlobReadStream(BlobInfo info, long lengthBytes) : Stream
{
    /// <summary>The blob at the moment of opening.</summary>
    internal BlobInfo Info { get; } = info;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    /// <summary>How many bytes this stream gives in all: of the range, or of the whole blob.</summary>
    public override long Length { get; } = lengthBytes;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
