using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.Wrappers;

/// <summary>
/// Reads a blob and, when the connection breaks half-way, opens it again where it broke. What was read before and what comes
/// after are of the same blob: if it was replaced in between, the read fails.
/// </summary>
internal sealed class ResumingReadStream(IBlobStore store, BlobName name, BlobReadStream first, long offsetBytes, RetryPolicy policy)
    : BlobReadStream(first.Info, first.Length)
{
    private readonly RetryPolicy.Attempts attempts = policy.Start();
    private Stream? current = first;
    private long position;

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Blobs are read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                current ??= await ReopenAsync(cancellationToken);
                int read = await current.ReadAsync(buffer, cancellationToken);
                position += read;
                if (read > 0)
                {
                    attempts.Succeeded();
                }

                return read;
            }
            catch (BackupException error) when (error.IsTransient && !cancellationToken.IsCancellationRequested && position < Length && attempts.MayGoOn())
            {
                await CloseAsync();
                await attempts.WaitAsync(cancellationToken);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
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

    private async Task<Stream> ReopenAsync(CancellationToken cancellationToken)
    {
        Stream stream = await store.OpenReadAsync(name, new BlobRange(offsetBytes + position, Length - position), cancellationToken);
        if (stream is BlobReadStream again && (again.Info.LengthBytes != Info.LengthBytes || again.Info.LastModified != Info.LastModified))
        {
            await stream.DisposeAsync();
            throw new BackupException(
                ErrorKind.Conflict,
                $"The blob '{name}' in {store.DisplayName} was replaced while it was being read.",
                "Read it again from the start.");
        }

        return stream;
    }

    private async Task CloseAsync()
    {
        if (current is not null)
        {
            await current.DisposeAsync();
            current = null;
        }
    }
}
