using System.Collections.Concurrent;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// Takes contents from many writers at once: names them by their hash, drops those that are there already, compresses and encrypts
/// the others into the open pack of their kind. Packs that are full go to the <see cref="PackUploader"/>.
/// </summary>
internal sealed class ContentWriter : IAsyncDisposable
{
    private readonly RepositoryCrypto _crypto;
    private readonly RepositoryParameters _parameters;
    private readonly ContentIndex _index;
    private readonly ContentReader _reader;
    private readonly TimeProvider _time;
    private readonly PackUploader _uploader;
    private readonly PackLane _dataLane;
    private readonly PackLane _metadataLane;
    private readonly ConcurrentDictionary<ContentId, PendingContent> _pending;
    private readonly SemaphoreSlim _flushTurn = new(1, 1);
    private readonly WriteCounters _counters;

    public ContentWriter(PackUploader uploader, ContentReader reader, RepositoryCrypto crypto, RepositoryParameters parameters, ContentIndex index, WriteCounters counters, TimeProvider time)
    {
        _uploader = uploader;
        _reader = reader;
        _crypto = crypto;
        _parameters = parameters;
        _index = index;
        _counters = counters;
        _time = time;
        _pending = uploader.Pending;
        _dataLane = new PackLane('p', uploader);
        _metadataLane = new PackLane('q', uploader);
    }

    /// <summary>Whether the index says how each content is compressed; else contents are stored as they are.</summary>
    public bool HasContentCompression => _parameters.HasContentCompression;

    /// <summary>Writes a content, unless it is there. The bytes are not used after the call.</summary>
    /// <param name="prefix">The letter, or '\0'.</param>
    /// <param name="compression">Header of the compression to try, or 0; of no effect without <see cref="HasContentCompression"/>.</param>
    public ValueTask<ContentId> WriteAsync(char prefix, ReadOnlyMemory<byte> plain, uint compression, CancellationToken cancellationToken) =>
        WriteAsync(prefix, plain, room: null, compression, cancellationToken);

    /// <summary>The same for the first bytes of a buffer, which is the caller's again after the call but may hold anything then.</summary>
    public ValueTask<ContentId> WriteAsync(char prefix, ChunkBuffer chunk, int plainBytes, uint compression, CancellationToken cancellationToken) =>
        WriteAsync(prefix, chunk.Plain[..plainBytes], chunk, compression, cancellationToken);

    private async ValueTask<ContentId> WriteAsync(char prefix, ReadOnlyMemory<byte> plain, ChunkBuffer? room, uint compression, CancellationToken cancellationToken)
    {
        _uploader.ThrowIfFailed();
        if (_index.IsStale)
        {
            await _index.RefreshAsync(_index.Current, cancellationToken);
        }

        ContentId id = await _crypto.NameAsync(prefix, plain);
        if (IsKnown(id, out _))
        {
            _counters.AddDeduplicated(plain.Length);
            return id;
        }

        using ChunkBuffer? compressed = TryCompress(compression, plain, out int compressedBytes);
        int dataBytes = compressed is null ? plain.Length : compressedBytes;
        if (await TryReserveAsync(id, plain.Length, dataBytes, compressed is null ? 0 : compression, cancellationToken) is not { } reserved)
        {
            _counters.AddDeduplicated(plain.Length);
            return id;
        }

        try
        {
            using ChunkBuffer? rented = compressed is null && room is null ? new ChunkBuffer(dataBytes) : null;
            ReadOnlyMemory<byte> data = compressed is null ? plain : compressed.Plain[..dataBytes];
            Memory<byte> stored = (compressed ?? room ?? rented!).StoredOf(dataBytes); // rented when there is no other
            _crypto.EncryptContent(id, data.Span, stored.Span);
            await reserved.Pack.WriteAsync(reserved.Entry.PackOffset, stored, cancellationToken);
        }
        catch (Exception failure)
        {
            GiveUp(failure);
            throw;
        }

        reserved.MarkWritten();
        _counters.AddNew(plain.Length, (int)reserved.Entry.PackedBytes);
        return id;
    }

    /// <summary>
    /// Writes a published content once more, not deleted, into a pack of this session: its stored bytes as they are. For maintenance, which
    /// empties packs and takes deletions back.
    /// </summary>
    /// <param name="entry">The entry that counts.</param>
    /// <param name="stored">What it points to; not used after the call.</param>
    public async Task CopyAsync(IndexEntry entry, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        _uploader.ThrowIfFailed();
        PackLane lane = entry.Id.HasPrefix ? _metadataLane : _dataLane;
        PendingContent reserved;
        await lane.EnterAsync(cancellationToken);
        try
        {
            OpenPack pack = await lane.CurrentAsync(cancellationToken);
            uint offset = pack.Reserve(stored.Length);
            long timestamp = Math.Max(_time.GetUtcNow().ToUnixTimeSeconds(), entry.TimestampSeconds + 1);
            IndexEntry copied = entry with { Pack = pack.Name, PackOffset = offset, TimestampSeconds = timestamp, IsDeleted = false };
            pack.Add(copied);
            reserved = new PendingContent(pack, copied);
            _pending[entry.Id] = reserved;
            lane.CloseIfFull();
        }
        finally
        {
            lane.Leave();
        }

        try
        {
            await reserved.Pack.WriteAsync(reserved.Entry.PackOffset, stored, cancellationToken);
        }
        catch (Exception failure)
        {
            GiveUp(failure);
            throw;
        }

        reserved.MarkWritten();
        _counters.AddNew((int)entry.OriginalBytes, stored.Length);
    }

    /// <summary>Reads a content that may not be published yet.</summary>
    public async Task<PooledBytes> ReadAsync(ContentId id, CancellationToken cancellationToken)
    {
        if (!_pending.TryGetValue(id, out PendingContent? pending))
        {
            return await _reader.ReadAsync(id, cancellationToken);
        }

        while (!pending.IsWritten)
        {
            _uploader.ThrowIfFailed();
            await Task.Yield(); // another writer is encrypting it at this moment
        }

        using PooledBytes stored = PooledBytes.Rent((int)pending.Entry.PackedBytes);
        return await pending.Pack.TryReadAsync(pending.Entry.PackOffset, stored.Memory, cancellationToken)
            ? _reader.Decode(pending.Entry, stored.Span)
            : await _reader.ReadAsync(pending.Entry, cancellationToken);
    }

    /// <summary>
    /// Publishes all that was written before the call, and marks contents as deleted, in one index blob. The order is what keeps the
    /// repository whole at every moment: packs (W2, W3), then the index (W4), then the marker goes (W5).
    /// </summary>
    public async Task FlushAsync(IReadOnlyCollection<IndexEntry> deletions, CancellationToken cancellationToken)
    {
        await _flushTurn.WaitAsync(cancellationToken);
        try
        {
            _uploader.ThrowIfFailed();
            PackSession? session = await CloseSessionAsync(cancellationToken);
            await _uploader.WhenUploadedAsync(cancellationToken);
            if (deletions.Count > 0 && session is null)
            {
                session = await _uploader.StartSessionAsync(cancellationToken);
            }

            if (session is null)
            {
                return;
            }

            await _uploader.PublishAsync(session.Id, deletions, isFlush: true, cancellationToken);
            await session.EndAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            _uploader.Fail(failure); // also when cancelled: half of a flush cannot be taken up again
            throw;
        }
        finally
        {
            _flushTurn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _uploader.DisposeAsync();
        await _dataLane.DisposeAsync();
        await _metadataLane.DisposeAsync();
        _flushTurn.Dispose();
    }

    /// <summary>Closes the open packs and ends their session, so that whoever writes next starts a new one.</summary>
    private async Task<PackSession?> CloseSessionAsync(CancellationToken cancellationToken)
    {
        await _dataLane.EnterAsync(cancellationToken);
        try
        {
            await _metadataLane.EnterAsync(cancellationToken);
            try
            {
                _dataLane.CloseCurrent();
                _metadataLane.CloseCurrent();
                return _uploader.TakeSession();
            }
            finally
            {
                _metadataLane.Leave();
            }
        }
        finally
        {
            _dataLane.Leave();
        }
    }

    /// <summary>Takes a place for a content; null when somebody else wrote it meanwhile.</summary>
    private async ValueTask<PendingContent?> TryReserveAsync(
        ContentId id, int originalBytes, int dataBytes, uint compression, CancellationToken cancellationToken)
    {
        PackLane lane = id.HasPrefix ? _metadataLane : _dataLane;
        await lane.EnterAsync(cancellationToken);
        try
        {
            // Decided again inside the lane: a content that is known here has its place in a pack that the next flush closes (W7).
            if (IsKnown(id, out long deletedAt))
            {
                return null;
            }

            int packedBytes = dataBytes + RepositoryCrypto.OverheadBytes;
            OpenPack pack = await lane.CurrentAsync(cancellationToken);
            uint offset = pack.Reserve(packedBytes);
            long timestamp = Math.Max(_time.GetUtcNow().ToUnixTimeSeconds(), deletedAt + 1);
            IndexEntry entry = new(
                id, pack.Name, timestamp, IsDeleted: false, offset, (uint)packedBytes, (uint)originalBytes, compression, (byte)_parameters.FormatVersion, EncryptionKey: 0);
            pack.Add(entry);
            PendingContent content = new(pack, entry);
            _pending[id] = content;
            lane.CloseIfFull();
            return content;
        }
        finally
        {
            lane.Leave();
        }
    }

    /// <summary>Whether the content is there and not deleted. Pending ones are asked first: they move to the index, never back.</summary>
    /// <param name="deletedAt">When it was deleted, if it was, however long ago: by a clock that may be ahead of ours (W10).</param>
    private bool IsKnown(ContentId id, out long deletedAt)
    {
        deletedAt = -1;
        if (_pending.ContainsKey(id))
        {
            return true;
        }

        if (!_index.Current.TryFindEvenDropped(id, out IndexEntry entry))
        {
            return false;
        }

        deletedAt = entry.IsDeleted ? entry.TimestampSeconds : -1;
        return !entry.IsDeleted;
    }

    /// <summary>Ends the session after a place in a pack stayed empty: the pack must never be uploaded.</summary>
    /// <exception cref="Errors.BackupException">The session has failed already, so that the pack was taken away: that is what the writer is told.</exception>
    private void GiveUp(Exception failure)
    {
        if (failure is ObjectDisposedException or OperationCanceledException)
        {
            _uploader.ThrowIfFailed();
        }

        _uploader.Fail(failure);
    }

    private ChunkBuffer? TryCompress(uint compression, ReadOnlyMemory<byte> plain, out int length)
    {
        length = 0;
        if (compression == 0 || !HasContentCompression || plain.Length <= 1)
        {
            return null;
        }

        ChunkBuffer target = new(plain.Length - 1);
        if (!ContentCompression.TryCompressShorter(compression, plain.Span, target.Plain.Span, out length))
        {
            target.Dispose();
            return null;
        }

        return target;
    }
}
