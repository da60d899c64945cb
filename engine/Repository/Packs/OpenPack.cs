using System.Security.Cryptography;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// A pack being filled in memory. A place is reserved in it, then encrypted into without a lock, then reported as written; once
/// closed and all places are written it is sealed (padding, local index, postamble) and uploaded.
/// Reserving and closing are called by one caller at a time; the rest from any thread.
/// </summary>
internal sealed class OpenPack : IDisposable
{
    /// <summary>Random bytes before the first content: no two packs begin alike.</summary>
    public const int PreambleBytes = 32;

    /// <summary>Room that is kept for what follows the contents; a larger local index moves the pack to a larger buffer.</summary>
    public const int TailBytes = 256 << 10;

    private const int PaddingUnit = 4096;
    private const int IndexTailBytes = 32;
    private const int RandomNameBytes = 16;

    private readonly List<IndexEntry> _entries = [];
    private readonly TaskCompletionSource _allWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards _buffer against being given back while it is copied from.
    private readonly Lock _bufferLock = new();
    private PooledBytes? _buffer;
    private int _position;

    // Places not written yet, plus one until the pack is closed.
    private int _openPlaces = 1;

    /// <param name="prefix"><c>p</c> or <c>q</c>.</param>
    /// <param name="buffer">Owned by the pack from now on.</param>
    public OpenPack(char prefix, PackSession session, ReadOnlySpan<byte> header, PooledBytes buffer)
    {
        Name = BlobName.Parse(prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomNameBytes)) + "-" + session.Id);
        Session = session;
        _buffer = buffer;
        header.CopyTo(buffer.Span);
        RandomNumberGenerator.Fill(buffer.Span.Slice(header.Length, PreambleBytes));
        _position = header.Length + PreambleBytes;
    }

    public BlobName Name { get; }

    public PackSession Session { get; }

    /// <summary>Bytes so far.</summary>
    public int LengthBytes => _position;

    /// <summary>Entries of the contents in the pack; complete once it is closed.</summary>
    public IReadOnlyList<IndexEntry> Entries => _entries;

    /// <summary>Whether so many more bytes fit.</summary>
    public bool Fits(int length) => length <= Buffer.Length - TailBytes - _position;

    /// <summary>Takes the next place in the pack.</summary>
    public (uint Offset, Memory<byte> Place) Reserve(int length)
    {
        int offset = _position;
        _position += length;
        Interlocked.Increment(ref _openPlaces);
        return ((uint)offset, Buffer.Memory.Slice(offset, length));
    }

    /// <summary>Notes what a reserved place holds.</summary>
    public void Add(in IndexEntry entry) => _entries.Add(entry);

    /// <summary>Reports a reserved place as written.</summary>
    public void PlaceWritten() => Leave();

    /// <summary>No more places; <see cref="SealAsync"/> waits for those that are not written yet.</summary>
    public void Close() => Leave();

    /// <summary>Copies a written place; false when the pack is uploaded and its buffer gone.</summary>
    public bool TryCopy(uint offset, Span<byte> destination)
    {
        lock (_bufferLock)
        {
            if (_buffer is null)
            {
                return false;
            }

            _buffer.Span.Slice((int)offset, destination.Length).CopyTo(destination);
            return true;
        }
    }

    /// <summary>Completes the pack's bytes; they are valid until the pack is disposed.</summary>
    public async Task<ReadOnlyMemory<byte>> SealAsync(RepositoryCrypto crypto, int indexVersion, CancellationToken cancellationToken)
    {
        await _allWritten.Task.WaitAsync(cancellationToken);
        int padding = PaddingUnit - (_position % PaddingUnit);
        int indexOffset = _position + padding;
        List<IndexEntry> sorted = IndexBuilder.SortAndMerge(_entries);
        byte[] index = IndexBuilder.Build(indexVersion, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sorted), RandomNumberGenerator.GetBytes(IndexTailBytes));
        byte[] storedIndex = crypto.EncryptLocalIndex(index, out byte[] vector);
        byte[] postamble = new PackPostamble(vector, indexOffset, storedIndex.Length).Encode();
        int total = indexOffset + storedIndex.Length + postamble.Length;
        GrowTo(total);
        Memory<byte> bytes = Buffer.Memory[..total];
        RandomNumberGenerator.Fill(bytes.Span.Slice(_position, padding));
        storedIndex.CopyTo(bytes.Span[indexOffset..]);
        postamble.CopyTo(bytes.Span[(indexOffset + storedIndex.Length)..]);
        return bytes;
    }

    public void Dispose()
    {
        lock (_bufferLock)
        {
            _buffer?.Dispose();
            _buffer = null;
        }
    }

    private PooledBytes Buffer => _buffer ?? throw new ObjectDisposedException(nameof(OpenPack));

    private void GrowTo(int length)
    {
        if (length <= Buffer.Length)
        {
            return;
        }

        PooledBytes larger = PooledBytes.Rent(length);
        lock (_bufferLock)
        {
            Buffer.Span[.._position].CopyTo(larger.Span);
            Buffer.Dispose();
            _buffer = larger;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _openPlaces) == 0)
        {
            _allWritten.SetResult();
        }
    }
}
