using System.Diagnostics;

namespace BackupFunctions.Engine.Storage;

/// <summary>
/// Puts a stream of unknown length in bounded memory: in one request if it is small, in parts if not. Parts grow with the
/// stream, so that the 10,000 parts which servers allow suffice for their largest blob: 16 GB need 16 MiB of memory, and only
/// a blob of terabytes needs the largest part.
/// </summary>
internal static class StreamPut
{
    internal const int FirstPartBytes = 8 * 1024 * 1024;

    /// <summary>Below the longest array; 1,000 parts of each size from the first to the largest, and the rest of it, make 5.5 TiB.</summary>
    internal const int LargestPartBytes = 1900 * 1024 * 1024;

    internal const int MaxParts = 10_000;
    private const int PartsOfOneSize = 1_000;
    private const int FirstBufferBytes = 64 * 1024;

    /// <summary>How many bytes the part of this number holds unless it is the last.</summary>
    internal static int PartBytes(int number)
    {
        int doublings = (number - 1) / PartsOfOneSize;
        return (int)Math.Min((long)FirstPartBytes << doublings, LargestPartBytes);
    }

    internal static async Task<long> RunAsync(IMultipartBlobStore store, BlobName name, Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[FirstBufferBytes];
        (buffer, int filled) = await FillAsync(content, buffer, FirstPartBytes, cancellationToken);
        if (filled < FirstPartBytes)
        {
            await store.PutAsync(name, buffer.AsMemory(0, filled), PutCondition.Always, cancellationToken);
            return filled;
        }

        IMultipartUpload upload = await store.BeginUploadAsync(name, cancellationToken);
        bool completed = false;
        try
        {
            long length = 0;
            for (int number = 1; filled > 0; number++)
            {
                if (number > MaxParts)
                {
                    throw StorageErrors.TooLarge(name, store.DisplayName, length);
                }

                await upload.PutPartAsync(number, buffer.AsMemory(0, filled), cancellationToken);
                length += filled;
                bool last = filled < PartBytes(number);
                (buffer, filled) = last ? (buffer, 0) : await FillAsync(content, buffer, PartBytes(number + 1), cancellationToken);
            }

            await upload.CompleteAsync(cancellationToken);
            completed = true;
            return length;
        }
        finally
        {
            if (!completed)
            {
                await AbortAsync(upload);
            }
        }
    }

    /// <summary>Reads until the part is full or the stream ends; the buffer grows only as far as it is filled.</summary>
    private static async Task<(byte[] Buffer, int Filled)> FillAsync(Stream content, byte[] buffer, int partBytes, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < partBytes)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, partBytes));
            }

            int read = await content.ReadAsync(buffer.AsMemory(filled, Math.Min(buffer.Length, partBytes) - filled), cancellationToken);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        Debug.Assert(filled <= partBytes, "A part is never longer than its size.");
        return (buffer, filled);
    }

    private static async Task AbortAsync(IMultipartUpload upload)
    {
        try
        {
            // Without the caller's token, which may be what stopped the upload.
            await upload.AbortAsync(CancellationToken.None);
        }
        catch (Errors.BackupException)
        {
            // The failure that led here is the one to report. What stays is invisible, and a bucket's rule for
            // incomplete uploads removes it.
        }
    }
}
