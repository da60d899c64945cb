namespace BackupFunctions.Tests.Contracts;

/// <summary>A stream that cannot seek, gives odd amounts at a time, and breaks at an offset.</summary>
internal sealed class TrickleStream(byte[] content, int failAt) : Stream
{
    private int position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        const int MostAtOnce = 50_021;
        if (position >= failAt)
        {
            throw new InvalidDataException("The source broke.");
        }

        int read = Math.Min(Math.Min(count, MostAtOnce), content.Length - position);
        content.AsSpan(position, read).CopyTo(buffer.AsSpan(offset));
        position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
