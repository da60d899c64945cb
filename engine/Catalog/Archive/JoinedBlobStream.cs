using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Catalog.Archive;

/// <summary>The contents of some memory, then of some blobs, then of some memory again, as one forward-only stream that opens one blob at a time.</summary>
internal sealed class JoinedBlobStream(
    IBlobStore store, ReadOnlyMemory<byte> head, IReadOnlyList<BlobName> blobs, ReadOnlyMemory<byte> tail) : Stream
{
    private ReadOnlyMemory<byte> head = head;
    private ReadOnlyMemory<byte> tail = tail;
    private int opened;
    private Stream? current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (!head.IsEmpty)
        {
            return Take(ref head, buffer);
        }

        while (true)
        {
            if (current is null)
            {
                if (opened == blobs.Count)
                {
                    return Take(ref tail, buffer);
                }

                current = await store.OpenReadAsync(blobs[opened], null, cancellationToken);
                opened++;
            }

            int read = await current.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                return read;
            }

            await current.DisposeAsync();
            current = null;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (current is not null)
        {
            await current.DisposeAsync();
            current = null;
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            current?.Dispose();
            current = null;
        }

        base.Dispose(disposing);
    }

    private static int Take(ref ReadOnlyMemory<byte> source, Memory<byte> buffer)
    {
        int length = Math.Min(source.Length, buffer.Length);
        source[..length].CopyTo(buffer);
        source = source[length..];
        return length;
    }
}
