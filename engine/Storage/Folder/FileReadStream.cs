using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>Reads a file, or a range of it that lies within it.</summary>
internal sealed class FileReadStream(FileStream file, BlobInfo info, long offsetBytes, long lengthBytes, FolderErrors errors)
    : BlobReadStream(info, lengthBytes)
{
    private long position;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Count(RandomAccess.Read(file.SafeFileHandle, buffer[..Wanted(buffer.Length)], offsetBytes + position), buffer.Length);
        }
        catch (IOException error)
        {
            throw errors.From(error, "read", $"the blob '{Info.Name}'");
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer[..Wanted(buffer.Length)], offsetBytes + position, cancellationToken);
            return Count(read, buffer.Length);
        }
        catch (IOException error)
        {
            throw errors.From(error, "read", $"the blob '{Info.Name}'");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Wanted(int room) => (int)Math.Min(room, Length - position);

    private int Count(int read, int room)
    {
        position += read;
        return read == 0 && room > 0 && position < Length
            ? throw new BackupException(
                ErrorKind.Unavailable,
                $"The file of the blob '{Info.Name}' became shorter while it was being read.",
                "Something other than this program changes files in the store's folder: stop it, and try again.")
            : read;
    }
}
