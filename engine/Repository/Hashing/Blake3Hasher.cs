using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE3 in keyed mode. The key is the first 32 bytes of the secret; from a shorter one it is derived. Source: the BLAKE3
/// paper (chunks, parent nodes and the left-complete tree of section 2), and section 3.1 of the format notes for the key.
/// </summary>
internal sealed class Blake3Hasher : ContentHasher
{
    public const string Truncated = "BLAKE3-256-128";
    public const string Full = "BLAKE3-256";

    private const int KeyBytes = 32;
    private const int NodeBytes = 32;
    private const int WordsPerNode = 8;

    // Chaining values wait in a stack, one per level of the tree: 2^54 chunks of 1 KiB are more than any span holds.
    private const int MaxLevels = 54;

    // So many chunks are taken together when there are enough, so that their parents fill lanes too.
    private const int LargeGroup = 64;

    private readonly uint[] _key = new uint[Blake3.KeyWords];
    private readonly uint _mode;

    public Blake3Hasher(ReadOnlySpan<byte> secret, int hashLength)
        : this(KeyOf(secret), Blake3.KeyedHash, hashLength)
    {
    }

    private Blake3Hasher(ReadOnlySpan<uint> key, uint mode, int hashLength)
    {
        key.CopyTo(_key);
        _mode = mode;
        HashLength = hashLength;
    }

    public override int HashLength { get; }

    /// <summary>BLAKE3's key derivation: a 32-byte key from a context, which is a constant of the program, and key material.</summary>
    public static byte[] DeriveKey(ReadOnlySpan<byte> context, ReadOnlySpan<byte> material)
    {
        var key = new byte[KeyBytes];
        using var contextHasher = new Blake3Hasher(Blake3.Iv, Blake3.DeriveKeyContext, KeyBytes);
        contextHasher.Hash(context, key);
        using var materialHasher = new Blake3Hasher(Words(key), Blake3.DeriveKeyMaterial, KeyBytes);
        materialHasher.Hash(material, key);
        return key;
    }

    /// <summary>BLAKE3 without a key, for the published test vectors.</summary>
    internal static Blake3Hasher Unkeyed() => new(Blake3.Iv, 0, KeyBytes);

    public override void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<uint> root = stackalloc uint[WordsPerNode];
        if (data.Length <= Blake3.ChunkBytes)
        {
            HashChunk(data, 0, Blake3.Root, root);
        }
        else
        {
            HashTree(data, root);
        }
        for (var i = 0; i < HashLength / sizeof(uint); i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(i * sizeof(uint))..], root[i]);
        }
    }

    protected override void Dispose(bool disposing) => Array.Clear(_key);

    private static uint[] KeyOf(ReadOnlySpan<byte> secret) =>
        secret.Length >= KeyBytes ? Words(secret[..KeyBytes]) : Words(DeriveKey("kopia blake3 derived key v1"u8, secret));

    private static uint[] Words(ReadOnlySpan<byte> bytes)
    {
        var words = new uint[bytes.Length / sizeof(uint)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
        }
        return words;
    }

    private void HashTree(ReadOnlySpan<byte> data, Span<uint> root)
    {
        Span<uint> stack = stackalloc uint[MaxLevels * WordsPerNode];
        var depth = 0;
        ulong chunk = 0;
        // The last chunk stays behind: what it meets on the way up ends in the root.
        var behind = ((data.Length - 1) / Blake3.ChunkBytes) * Blake3.ChunkBytes;
        var at = 0;
        if (Blake3Lanes.IsSupported)
        {
            Span<uint> nodes = stackalloc uint[LargeGroup * WordsPerNode];
            for (; at + (LargeGroup * Blake3.ChunkBytes) <= behind; at += LargeGroup * Blake3.ChunkBytes, chunk += LargeGroup)
            {
                HashGroup(data[at..], chunk, LargeGroup, nodes);
                depth = Push(stack, depth, nodes, (chunk / LargeGroup) + 1);
            }
            for (; at + (Blake3Lanes.Lanes * Blake3.ChunkBytes) <= behind; at += Blake3Lanes.Lanes * Blake3.ChunkBytes, chunk += Blake3Lanes.Lanes)
            {
                HashGroup(data[at..], chunk, Blake3Lanes.Lanes, nodes);
                depth = Push(stack, depth, nodes, (chunk / Blake3Lanes.Lanes) + 1);
            }
        }
        for (; at < behind; at += Blake3.ChunkBytes, chunk++)
        {
            HashChunk(data.Slice(at, Blake3.ChunkBytes), chunk, 0, stack.Slice(depth * WordsPerNode, WordsPerNode));
            depth = Settle(stack, depth + 1, chunk + 1);
        }
        HashChunk(data[behind..], chunk, 0, stack.Slice(depth * WordsPerNode, WordsPerNode));
        for (; depth > 0; depth--)
        {
            Merge(stack[((depth - 1) * WordsPerNode)..], depth == 1 ? Blake3.Root : 0);
        }
        stack[..WordsPerNode].CopyTo(root);
    }

    // Joins finished neighbours: a count of subtrees with n trailing zero bits has just completed n parents.
    private int Settle(Span<uint> stack, int depth, ulong completed)
    {
        for (var parents = BitOperations.TrailingZeroCount(completed); parents > 0; parents--, depth--)
        {
            Merge(stack[((depth - 2) * WordsPerNode)..], 0);
        }
        return depth;
    }

    private int Push(Span<uint> stack, int depth, ReadOnlySpan<uint> node, ulong completed)
    {
        node[..WordsPerNode].CopyTo(stack[(depth * WordsPerNode)..]);
        return Settle(stack, depth + 1, completed);
    }

    // The subtree of 8 or 64 whole chunks; its top becomes the first of the nodes.
    private void HashGroup(ReadOnlySpan<byte> data, ulong chunk, int chunkCount, Span<uint> nodes)
    {
        const int lanes = Blake3Lanes.Lanes;
        for (var i = 0; i < chunkCount; i += lanes)
        {
            Blake3Lanes.Hash(data.Slice(i * Blake3.ChunkBytes, lanes * Blake3.ChunkBytes), Blake3.BlocksPerChunk, _key, chunk + (ulong)i, 1,
                _mode, Blake3.ChunkStart, Blake3.ChunkEnd, nodes[(i * WordsPerNode)..]);
        }
        for (; chunkCount > lanes; chunkCount /= 2)
        {
            // Eight pairs at a time; each parent lands where its group's pairs have been read already.
            for (var i = 0; i < chunkCount / 2; i += lanes)
            {
                var pairs = MemoryMarshal.AsBytes(nodes.Slice(2 * i * WordsPerNode, 2 * lanes * WordsPerNode));
                Blake3Lanes.Hash(pairs, 1, _key, 0, 0, _mode | Blake3.Parent, 0, 0, nodes[(i * WordsPerNode)..]);
            }
        }
        for (; chunkCount > 1; chunkCount /= 2)
        {
            for (var i = 0; i < chunkCount / 2; i++)
            {
                Merge(nodes[(2 * i * WordsPerNode)..], 0);
                nodes.Slice(2 * i * WordsPerNode, WordsPerNode).CopyTo(nodes[(i * WordsPerNode)..]);
            }
        }
    }

    // Replaces the first of two nodes that lie side by side by their parent.
    private void Merge(Span<uint> pair, uint flags)
    {
        Span<byte> block = stackalloc byte[Blake3.BlockBytes];
        for (var i = 0; i < 2 * WordsPerNode; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[(i * sizeof(uint))..], pair[i]);
        }
        _key.CopyTo(pair);
        Blake3.Compress(pair, block, 2 * NodeBytes, 0, _mode | Blake3.Parent | flags);
    }

    // One chunk of at most 1024 bytes; rootFlag is set on its last block when it is the whole input.
    private void HashChunk(ReadOnlySpan<byte> data, ulong counter, uint rootFlag, Span<uint> chainingValue)
    {
        _key.CopyTo(chainingValue);
        var flags = _mode | Blake3.ChunkStart;
        for (; data.Length > Blake3.BlockBytes; data = data[Blake3.BlockBytes..], flags = _mode)
        {
            Blake3.Compress(chainingValue, data, Blake3.BlockBytes, counter, flags);
        }
        Span<byte> tail = stackalloc byte[Blake3.BlockBytes];
        tail.Clear();
        data.CopyTo(tail);
        Blake3.Compress(chainingValue, tail, data.Length, counter, flags | Blake3.ChunkEnd | rootFlag);
    }
}
