using Amazon.S3.Model;

namespace BackupFunctions.Engine.Storage.S3;

/// <summary>
/// An answer's body, counted: a body that ends early is an error and not a short blob, and one that stalls is given up.
/// </summary>
internal sealed class S3ReadStream(GetObjectResponse response, BlobInfo info, long lengthBytes, S3Errors errors, TimeSpan stallTimeout, TimeProvider time)
    : BlobReadStream(info, lengthBytes)
{
    private long position;

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Blobs are read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (position == Length || buffer.IsEmpty)
        {
            return 0;
        }

        Memory<byte> room = buffer[..(int)Math.Min(buffer.Length, Length - position)];
        using CancellationTokenSource stalled = new(stallTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        int read;
        try
        {
            read = await response.ResponseStream.ReadAsync(room, either.Token);
        }
        catch (Exception error) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
        catch (Exception) when (stalled.IsCancellationRequested)
        {
            throw errors.Stalled(Info.Name, stallTimeout);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or Amazon.Runtime.AmazonClientException or ObjectDisposedException)
        {
            throw errors.Truncated(Info.Name, Length, position, error);
        }

        if (read == 0)
        {
            throw errors.Truncated(Info.Name, Length, position, null);
        }

        position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
