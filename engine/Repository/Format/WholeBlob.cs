using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Format;

/// <summary>Reading a blob that is small or has to be in memory as a whole.</summary>
internal static class WholeBlob
{
    /// <summary>Reads a blob of unknown length up to <paramref name="maxBytes"/>.</summary>
    /// <exception cref="RepositoryCorruptException">It is longer.</exception>
    public static async Task<byte[]> ReadAsync(IBlobStore store, BlobName name, int maxBytes, CancellationToken cancellationToken)
    {
        await using Stream stream = await store.OpenReadAsync(name, range: null, cancellationToken);
        const int FirstGuess = 4096;
        byte[] buffer = new byte[Math.Min(FirstGuess, maxBytes)];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAtLeastAsync(buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellationToken);
            length += read;
            if (length < buffer.Length)
            {
                return buffer.AsSpan(0, length).ToArray();
            }

            if (buffer.Length == maxBytes)
            {
                return await IsAtEndAsync(stream, cancellationToken)
                    ? buffer
                    : throw new RepositoryCorruptException(name.ToString(), null, $"at most {maxBytes} bytes", "more");
            }

            Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 4, maxBytes));
        }
    }

    /// <summary>Reads a blob whose length the store told.</summary>
    /// <exception cref="RepositoryCorruptException">Its length is another one, or over <paramref name="maxBytes"/>.</exception>
    public static async Task<byte[]> ReadAsync(IBlobStore store, BlobInfo info, int maxBytes, CancellationToken cancellationToken)
    {
        if (info.LengthBytes > maxBytes)
        {
            throw new RepositoryCorruptException(info.Name.ToString(), null, $"at most {maxBytes} bytes", $"{info.LengthBytes}");
        }

        await using Stream stream = await store.OpenReadAsync(info.Name, range: null, cancellationToken);
        byte[] buffer = new byte[info.LengthBytes];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length != buffer.Length || !await IsAtEndAsync(stream, cancellationToken))
        {
            throw new RepositoryCorruptException(info.Name.ToString(), null, $"{info.LengthBytes} bytes", "another length");
        }

        return buffer;
    }

    private static async Task<bool> IsAtEndAsync(Stream stream, CancellationToken cancellationToken) =>
        await stream.ReadAsync(new byte[1], cancellationToken) == 0;
}
