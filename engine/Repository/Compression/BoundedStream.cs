using BackupFunctions.Engine.Buffers;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>A stream to write into that keeps the first so many bytes, and then only the fact that there were more.</summary>
internal sealed class BoundedStream(int capacity) : Stream
{
    private readonly PooledBytes _bytes = PooledBytes.Rent(capacity);
    private int _length;

    public bool Overflowed { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.Span[.._length];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Overflowed |= !buffer.TryCopyTo(_bytes.Span[_length..]);
        _length += Overflowed ? 0 : buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _bytes.Dispose();
        base.Dispose(disposing);
    }
}
