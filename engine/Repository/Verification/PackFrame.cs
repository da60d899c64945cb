using System.Security.Cryptography;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Packs;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Repository.Verification;

/// <summary>What a pack says of itself at its end: where its local index is, and that index.</summary>
/// <param name="Entries">In order; deletions of contents in other packs may be among them.</param>
/// <param name="BytesRead">How much was read to know it.</param>
internal sealed record PackFrame(PackPostamble Postamble, IReadOnlyList<IndexEntry> Entries, long BytesRead)
{
    /// <summary>Read at first: in most packs the local index is in it too.</summary>
    private const int TailBytes = 64 << 10;

    /// <summary>A local index longer than this is not believed: it would have millions of entries.</summary>
    private const int MaxLocalIndexBytes = 256 << 20;

    /// <summary>Reads the end of a pack in one request, or two when its index is long.</summary>
    /// <exception cref="RepositoryCorruptException">Postamble or local index is damaged.</exception>
    public static async Task<PackFrame> ReadAsync(IBlobStore store, RepositoryCrypto crypto, BlobName pack, long packBytes, CancellationToken cancellationToken)
    {
        int tailBytes = (int)Math.Min(TailBytes, packBytes);
        long tailStart = packBytes - tailBytes;
        using PooledBytes tail = await StoredBytes.ReadAsync(store, pack, tailStart, tailBytes, cancellationToken);
        PackPostamble postamble = PackPostamble.Decode(pack.ToString(), packBytes, tail.Span[^Math.Min(tailBytes, PackPostamble.MaxBytes)..]);
        if (postamble.LocalIndexBytes > MaxLocalIndexBytes)
        {
            throw new RepositoryCorruptException(pack.ToString(), postamble.LocalIndexOffset, $"a local index of at most {MaxLocalIndexBytes} bytes", $"{postamble.LocalIndexBytes}");
        }

        long postambleStart = packBytes - tail.Span[^1] - 1;
        if (postamble.LocalIndexOffset + postamble.LocalIndexBytes != postambleStart)
        {
            throw new RepositoryCorruptException(pack.ToString(), postambleStart, "a postamble right behind the local index", $"a local index up to {postamble.LocalIndexOffset + postamble.LocalIndexBytes}");
        }

        if (postamble.LocalIndexOffset >= tailStart)
        {
            ReadOnlySpan<byte> stored = tail.Span.Slice((int)(postamble.LocalIndexOffset - tailStart), postamble.LocalIndexBytes);
            return new PackFrame(postamble, Parse(crypto, pack, postamble, stored), tailBytes);
        }

        using PooledBytes index = await StoredBytes.ReadAsync(store, pack, postamble.LocalIndexOffset, postamble.LocalIndexBytes, cancellationToken);
        return new PackFrame(postamble, Parse(crypto, pack, postamble, index.Span), (long)tailBytes + postamble.LocalIndexBytes);
    }

    private static List<IndexEntry> Parse(RepositoryCrypto crypto, BlobName pack, PackPostamble postamble, ReadOnlySpan<byte> stored)
    {
        byte[] plain = crypto.TryDecryptLocalIndex(stored, postamble.Vector.Span)
            ?? throw new RepositoryCorruptException(pack.ToString(), postamble.LocalIndexOffset, "a local index that fits its authentication tag", "changed bytes");
        Span<byte> hash = stackalloc byte[ContentId.MaxHashLength];
        crypto.IdOf('\0', plain).CopyHashTo(hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[..crypto.HashLength], postamble.Vector.Span))
        {
            throw new RepositoryCorruptException(pack.ToString(), postamble.LocalIndexOffset, "a local index with the hash that the postamble names", "another one");
        }

        try
        {
            return IndexSegmentCheck.ReadAll(IndexSegment.Parse(pack.ToString(), plain));
        }
        catch (RepositoryCorruptException inner)
        {
            throw new RepositoryCorruptException(pack.ToString(), postamble.LocalIndexOffset, $"{inner.Expected} in the local index", inner.Found, inner);
        }
    }
}
