using System.Buffers.Binary;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>Reads published contents: finds them in the index, reads their stored bytes, decrypts and decompresses.</summary>
internal sealed class ContentReader(PackReader packs, RepositoryCrypto crypto, ContentIndex index)
{
    /// <summary>A content longer than this is not believed: the largest chunk of any splitter is a quarter of it.</summary>
    public const int MaxContentBytes = 64 << 20;

    private const int CompressionHeaderBytes = sizeof(uint);

    /// <summary>The plain bytes of a content; the caller disposes the lease. A deleted content that still exists is read too.</summary>
    /// <exception cref="RepositoryCorruptException">It is in no index, its pack is gone, or its bytes are damaged.</exception>
    public async Task<PooledBytes> ReadAsync(ContentId id, CancellationToken cancellationToken)
    {
        IndexView view = index.Current;
        if (view.TryFind(id, out IndexEntry entry))
        {
            try
            {
                return await ReadAsync(entry, cancellationToken);
            }
            catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
            {
                // Maintenance may have moved the content to another pack since the index was loaded.
            }
        }

        await index.RefreshAsync(view, cancellationToken);
        entry = await FindAsync(id, cancellationToken)
            ?? throw new RepositoryCorruptException(id.ToString(), null, "an index entry of this content", "none");
        try
        {
            return await ReadAsync(entry, cancellationToken);
        }
        catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
        {
            throw new RepositoryCorruptException(entry.Pack.ToString(), entry.PackOffset, $"the content {id}", "no such blob", gone);
        }
    }

    /// <summary>The entry of a content, after loading the index again if it is not in the present one; null when there is none.</summary>
    public async ValueTask<IndexEntry?> FindAsync(ContentId id, CancellationToken cancellationToken)
    {
        IndexView view = index.Current;
        if (view.TryFind(id, out IndexEntry entry))
        {
            return entry;
        }

        await index.RefreshAsync(view, cancellationToken);
        return index.Current.TryFind(id, out entry) ? entry : null;
    }

    /// <summary>Reads what an entry points to; the caller disposes the lease.</summary>
    public async Task<PooledBytes> ReadAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        RequireSane(entry);
        PooledBytes stored = await packs.ReadAsync(entry.Pack, entry.PackOffset, (int)entry.PackedBytes, cancellationToken);
        if (!crypto.TryDecryptContentInPlace(entry.Id, stored))
        {
            stored.Dispose();
            throw Changed(entry);
        }

        return Expand(entry, stored);
    }

    /// <summary>The stored bytes that an entry points to, after a look whether they are whole; the caller disposes the lease.</summary>
    public async Task<PooledBytes> ReadStoredAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        RequireSane(entry);
        PooledBytes stored = await packs.ReadAsync(entry.Pack, entry.PackOffset, (int)entry.PackedBytes, cancellationToken);
        try
        {
            using PooledBytes plain = Decode(entry, stored.Span);
            return stored;
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    /// <summary>Decrypts and decompresses stored bytes; the caller disposes the lease.</summary>
    public PooledBytes Decode(in IndexEntry entry, ReadOnlySpan<byte> stored)
    {
        PooledBytes data = PooledBytes.Rent(stored.Length - RepositoryCrypto.OverheadBytes);
        if (!crypto.TryDecryptContent(entry.Id, stored, data.Span))
        {
            data.Dispose();
            throw Changed(entry);
        }

        return Expand(entry, data);
    }

    /// <summary>The lease itself, or if it is compressed another one in its place.</summary>
    private static PooledBytes Expand(in IndexEntry entry, PooledBytes data)
    {
        if (entry.CompressionHeader == 0)
        {
            return data;
        }

        using (data)
        {
            return Decompress(entry, data.Span);
        }
    }

    private static PooledBytes Decompress(in IndexEntry entry, ReadOnlySpan<byte> data)
    {
        if (data.Length < CompressionHeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(data) != entry.CompressionHeader)
        {
            throw Damaged(entry, $"the compression header {entry.CompressionHeader:x}", "another one");
        }

        PooledBytes plain = PooledBytes.Rent((int)entry.OriginalBytes);
        try
        {
            ContentCompression.Decompress(entry.CompressionHeader, data[CompressionHeaderBytes..], plain.Span);
            return plain;
        }
        catch (BackupException failure)
        {
            plain.Dispose();
            throw failure.Kind == ErrorKind.Corrupt ? Damaged(entry, $"{entry.OriginalBytes} compressed bytes of the content {entry.Id}", failure.Message, failure) : failure;
        }
    }

    /// <summary>Refuses entries that would make us allocate without reason or that contradict themselves.</summary>
    public static void RequireSane(in IndexEntry entry)
    {
        if (entry.EncryptionKey != 0)
        {
            throw Damaged(entry, "encryption key 0", $"{entry.EncryptionKey}");
        }

        if (entry.PackedBytes < RepositoryCrypto.OverheadBytes || entry.PackedBytes > MaxContentBytes || entry.OriginalBytes > MaxContentBytes)
        {
            throw Damaged(entry, $"a content of at most {MaxContentBytes} bytes", $"{entry.OriginalBytes} in {entry.PackedBytes} stored");
        }

        if (entry.CompressionHeader == 0 && entry.PackedBytes != entry.OriginalBytes + RepositoryCrypto.OverheadBytes)
        {
            throw Damaged(entry, $"{entry.OriginalBytes + RepositoryCrypto.OverheadBytes} stored bytes", $"{entry.PackedBytes}");
        }
    }

    private static RepositoryCorruptException Changed(in IndexEntry entry) => Damaged(entry, "bytes that fit their authentication tag", "changed bytes");

    private static RepositoryCorruptException Damaged(in IndexEntry entry, string expected, string found, Exception? inner = null) =>
        new(entry.Pack.ToString(), entry.PackOffset, $"{expected} (content {entry.Id})", found, inner);
}
