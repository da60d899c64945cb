using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Compression;
using BackupFunctions.Engine.Repository.Packs;

namespace BackupFunctions.Engine.Repository.Objects;

/// <summary>Resolves objects to their contents and reads them.</summary>
internal sealed class ObjectReader(ContentSource source, int readAhead)
{
    /// <summary>
    /// Lists deeper than this are refused, those that a list's own bytes are listed by included: no writer nests further than two or three,
    /// and with the key lists can be made that name themselves.
    /// </summary>
    private const int MaxDepth = 16;

    private const int CompressionHeaderBytes = sizeof(uint);
    private const int ListBufferBytes = 64 << 10;
    private const int MaxListBufferBytes = 1 << 20;

    /// <summary>The object's direct parts in order. A direct object is its only part, of unknown length.</summary>
    public IAsyncEnumerable<ObjectPart> LeavesAsync(ObjectId id, CancellationToken cancellationToken) =>
        LeavesAsync(new ObjectPart(0, -1, id), 0, cancellationToken);

    /// <summary>The entries of the object's own list, which may be lists in turn.</summary>
    public IAsyncEnumerable<ObjectPart> ListEntriesAsync(ObjectId id, CancellationToken cancellationToken) => ListEntriesAsync(id, 0, cancellationToken);

    /// <summary>A forward-only stream of the object's bytes that reads contents ahead.</summary>
    public Stream OpenRead(ObjectId id, CancellationToken cancellationToken) => OpenRead(id, 0, cancellationToken);

    private ObjectReadStream OpenRead(ObjectId id, int depth, CancellationToken cancellationToken) =>
        new(this, token => LeavesAsync(new ObjectPart(0, -1, id), depth, token), readAhead, cancellationToken);

    private async IAsyncEnumerable<ObjectPart> ListEntriesAsync(ObjectId id, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (depth == MaxDepth)
        {
            throw new RepositoryCorruptException(id.ToString(), null, $"lists nested at most {MaxDepth} deep", "more");
        }

        IndirectListParser parser = new(id.List);
        List<ObjectPart> parts = [];
        byte[] buffer = new byte[ListBufferBytes];
        int filled = 0;
        await using Stream stream = OpenRead(id.List, depth + 1, cancellationToken);
        bool isEnd = false;
        while (!isEnd)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            isEnd = read == 0;
            filled += read;
            int used = parser.Parse(buffer.AsSpan(0, filled), isEnd, parts);
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            foreach (ObjectPart part in parts)
            {
                yield return part;
            }

            parts.Clear();
            if (filled == buffer.Length)
            {
                if (buffer.Length >= MaxListBufferBytes)
                {
                    throw new RepositoryCorruptException(id.List.ToString(), null, $"list entries of at most {MaxListBufferBytes} bytes", "a longer one");
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>Reads a direct part; the caller disposes the lease.</summary>
    public async Task<PooledBytes> ReadLeafAsync(ObjectPart leaf, CancellationToken cancellationToken)
    {
        PooledBytes bytes = await source(leaf.Id.Content, cancellationToken);
        if (leaf.Id.IsCompressed)
        {
            using PooledBytes stored = bytes;
            bytes = Decompress(leaf.Id, stored.Span);
        }

        if (leaf.LengthBytes >= 0 && leaf.LengthBytes != bytes.Length)
        {
            int found = bytes.Length;
            bytes.Dispose();
            throw new RepositoryCorruptException(leaf.Id.ToString(), null, $"{leaf.LengthBytes} bytes, as its list says", $"{found}");
        }

        return bytes;
    }

    private static PooledBytes Decompress(ObjectId id, ReadOnlySpan<byte> stored)
    {
        if (stored.Length < CompressionHeaderBytes)
        {
            throw new RepositoryCorruptException(id.ToString(), null, "a compression header", $"{stored.Length} bytes");
        }

        byte[] plain;
        try
        {
            plain = ContentCompression.DecompressBounded(BinaryPrimitives.ReadUInt32BigEndian(stored), stored[CompressionHeaderBytes..], ContentReader.MaxContentBytes);
        }
        catch (BackupException damaged) when (damaged.Kind == ErrorKind.Corrupt)
        {
            throw new RepositoryCorruptException(id.ToString(), null, "compressed bytes", damaged.Message, damaged);
        }

        PooledBytes bytes = PooledBytes.Rent(plain.Length);
        plain.CopyTo(bytes.Span);
        return bytes;
    }

    private async IAsyncEnumerable<ObjectPart> LeavesAsync(ObjectPart whole, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (whole.Id.Indirections == 0)
        {
            yield return whole;
            yield break;
        }

        long length = 0;
        await foreach (ObjectPart part in ListEntriesAsync(whole.Id, depth, cancellationToken))
        {
            length = part.Start + part.LengthBytes;
            await foreach (ObjectPart leaf in LeavesAsync(part with { Start = whole.Start + part.Start }, depth + 1, cancellationToken))
            {
                yield return leaf;
            }
        }

        if (whole.LengthBytes >= 0 && whole.LengthBytes != length)
        {
            throw new RepositoryCorruptException(whole.Id.ToString(), null, $"{whole.LengthBytes} bytes, as its list says", $"{length}");
        }
    }
}
