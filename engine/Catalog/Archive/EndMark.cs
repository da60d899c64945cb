using System.IO.Compression;

namespace BackupFunctions.Engine.Catalog.Archive;

/// <summary>
/// Finds gzip data that were cut off: the platform's reader takes an end of input inside a member's last bytes (its checksum and
/// length) for a good end. So one more member follows what is read: only when the member before it is whole does its content come out.
/// </summary>
internal static class EndMark
{
    private static readonly byte[] Member = Pack(Content.ToArray());

    /// <summary>What follows the content of the last whole member; no byte of it is 0.</summary>
    public static ReadOnlySpan<byte> Content => "the gzip data are whole up to here"u8;

    /// <summary>The packed stream with the mark after it; owns the stream.</summary>
    public static Stream After(Stream gzip) => new MarkedStream(gzip);

    private static byte[] Pack(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private sealed class MarkedStream(Stream inner) : Stream
    {
        private int marked;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = marked == 0 ? await inner.ReadAsync(buffer, cancellationToken) : 0;
            if (read > 0 || buffer.Length == 0)
            {
                return read;
            }

            ReadOnlyMemory<byte> rest = Member.AsMemory(marked);
            int length = Math.Min(rest.Length, buffer.Length);
            rest[..length].CopyTo(buffer);
            marked += length;
            return length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
