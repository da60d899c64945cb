using System.Security.Cryptography;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// A pack being filled. A place is reserved in it, then written without a lock; once closed and all places are written it is
/// completed (padding, local index, postamble) and published. Its bytes lie where the store stages blobs: in a file, or in memory.
/// Reserving and closing are called by one caller at a time; the rest from any thread.
/// </summary>
internal sealed class OpenPack : IAsyncDisposable
{
    /// <summary>Random bytes before the first content: no two packs begin alike.</summary>
    public const int PreambleBytes = 32;

    private const int PaddingUnit = 4096;
    private const int IndexTailBytes = 32;
    private const int RandomNameBytes = 16;

    private readonly IStagedBlob _body;
    private readonly List<IndexEntry> _entries = [];
    private readonly TaskCompletionSource _allWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards the body against being disposed while it is read from, and _isDisposed.
    private readonly SemaphoreSlim _readTurn = new(1, 1);
    private bool _isDisposed;
    private int _position;

    // Places not written yet, plus one until the pack is closed.
    private int _openPlaces = 1;

    private OpenPack(BlobName name, PackSession session, IStagedBlob body, int position)
    {
        Name = name;
        Session = session;
        _body = body;
        _position = position;
    }

    public BlobName Name { get; }

    public PackSession Session { get; }

    /// <summary>Bytes so far.</summary>
    public int LengthBytes => _position;

    /// <summary>Entries of the contents in the pack; complete once it is closed.</summary>
    public IReadOnlyList<IndexEntry> Entries => _entries;

    /// <param name="prefix"><c>p</c> or <c>q</c>.</param>
    public static async Task<OpenPack> BeginAsync(IBlobStore store, char prefix, PackSession session, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        BlobName name = BlobName.Parse(prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomNameBytes)) + "-" + session.Id);
        IStagedBlob body = await BufferedBlob.BeginAsync(store, name, cancellationToken);
        try
        {
            byte[] start = [.. header.Span, .. RandomNumberGenerator.GetBytes(PreambleBytes)];
            await body.WriteAsync(0, start, cancellationToken);
            return new OpenPack(name, session, body, start.Length);
        }
        catch
        {
            await body.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes the next place in the pack.</summary>
    public uint Reserve(int length)
    {
        int offset = _position;
        _position += length;
        Interlocked.Increment(ref _openPlaces);
        return (uint)offset;
    }

    /// <summary>Notes what a reserved place holds.</summary>
    public void Add(in IndexEntry entry) => _entries.Add(entry);

    /// <summary>Fills a reserved place.</summary>
    public async ValueTask WriteAsync(uint offset, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        await _body.WriteAsync(offset, stored, cancellationToken);
        Leave();
    }

    /// <summary>No more places; <see cref="PublishAsync"/> waits for those that are not written yet.</summary>
    public void Close() => Leave();

    /// <summary>Reads a written place; false when the pack is uploaded.</summary>
    public async Task<bool> TryReadAsync(uint offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await _readTurn.WaitAsync(cancellationToken);
        try
        {
            if (_isDisposed)
            {
                return false;
            }

            await _body.ReadAsync(offset, destination, cancellationToken);
            return true;
        }
        finally
        {
            _readTurn.Release();
        }
    }

    /// <summary>Completes the pack and uploads it.</summary>
    /// <returns>Its length.</returns>
    public async Task<int> PublishAsync(RepositoryCrypto crypto, int indexVersion, CancellationToken cancellationToken)
    {
        await _allWritten.Task.WaitAsync(cancellationToken);
        using PooledBytes tail = Tail(crypto, indexVersion);
        await _body.WriteAsync(_position, tail.Memory, cancellationToken);
        await _body.PublishAsync(cancellationToken);
        return _position + tail.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await _readTurn.WaitAsync(CancellationToken.None);
        try
        {
            _isDisposed = true;
            await _body.DisposeAsync();
        }
        finally
        {
            _readTurn.Release();
        }
    }

    /// <summary>What follows the contents: random padding, the local index, the postamble.</summary>
    private PooledBytes Tail(RepositoryCrypto crypto, int indexVersion)
    {
        int padding = PaddingUnit - (_position % PaddingUnit);
        List<IndexEntry> sorted = IndexBuilder.SortAndMerge(_entries);
        byte[] index = IndexBuilder.Build(indexVersion, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sorted), RandomNumberGenerator.GetBytes(IndexTailBytes));
        byte[] storedIndex = crypto.EncryptLocalIndex(index, out byte[] vector);
        byte[] postamble = new PackPostamble(vector, _position + padding, storedIndex.Length).Encode();
        PooledBytes tail = PooledBytes.Rent(padding + storedIndex.Length + postamble.Length);
        RandomNumberGenerator.Fill(tail.Span[..padding]);
        storedIndex.CopyTo(tail.Span[padding..]);
        postamble.CopyTo(tail.Span[(padding + storedIndex.Length)..]);
        return tail;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _openPlaces) == 0)
        {
            _allWritten.SetResult();
        }
    }
}
