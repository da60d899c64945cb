using System.Buffers.Binary;
using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>
/// BLAKE2b (RFC 7693) with a 32-byte digest and the repository's secret as key. The truncated kind is the first half of the
/// same digest, not BLAKE2b with a 16-byte digest: its parameter block says 32.
/// </summary>
internal sealed class Blake2bHasher : ContentHasher
{
    public const string Truncated = "BLAKE2B-256-128";
    public const string Full = "BLAKE2B-256";

    private const int DigestBytes = 32;
    private const int MaxKeyBytes = 64;

    // The chaining value after the key block, which is the same for every non-empty input.
    private readonly ulong[] _start = new ulong[Blake2b.StateWords];
    private readonly ulong[] _initial = new ulong[Blake2b.StateWords];
    private readonly byte[] _keyBlock = new byte[Blake2b.BlockBytes];
    private readonly bool _keyed;

    public Blake2bHasher(ReadOnlySpan<byte> secret, int hashLength)
    {
        if (secret.Length > MaxKeyBytes)
        {
            throw new BackupException(ErrorKind.Unsupported, $"The hash secret has {secret.Length} bytes; BLAKE2b takes at most {MaxKeyBytes}.",
                "Use a repository whose secret has 32 bytes.");
        }
        HashLength = hashLength;
        _keyed = !secret.IsEmpty;
        secret.CopyTo(_keyBlock);
        Blake2b.Initialize(_initial, DigestBytes, secret.Length);
        _initial.CopyTo(_start, 0);
        if (_keyed)
        {
            Blake2b.Compress(_start, _keyBlock, Blake2b.BlockBytes, last: false);
        }
    }

    public override int HashLength { get; }

    public override bool HasLanes => Blake2bLanes.IsSupported;

    public override void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<ulong> state = stackalloc ulong[Blake2b.StateWords];
        if (data.IsEmpty && _keyed)
        {
            // Here the key block itself is the last.
            _initial.CopyTo(state);
            Blake2b.Compress(state, _keyBlock, Blake2b.BlockBytes, last: true);
            WriteDigest(state, destination[..HashLength]);
            return;
        }
        _start.CopyTo(state);
        var whole = WholeBlocks(data.Length) * Blake2b.BlockBytes;
        if (whole > 0)
        {
            Blake2b.Compress(state, data[..whole], (ulong)Start.Bytes + Blake2b.BlockBytes, last: false);
        }
        Finish(state, data[whole..], data.Length, destination);
    }

    public override IHashBatch CreateBatch(IHashQueue queue) => new Blake2bBatch(this, queue);

    /// <summary>The chaining value with which the first byte of a non-empty input is met, and how many bytes went into it.</summary>
    internal (ReadOnlyMemory<ulong> State, int Bytes) Start => (_start, _keyed ? Blake2b.BlockBytes : 0);

    /// <summary>How many blocks come before the last, which, full or not, is compressed with the final flag and so stays behind.</summary>
    internal static int WholeBlocks(int messageBytes) => messageBytes == 0 ? 0 : (messageBytes - 1) / Blake2b.BlockBytes;

    /// <summary>Ends an input whose last block, and only that, is missing: <paramref name="tail"/>, of a message of so many bytes.</summary>
    internal void Finish(Span<ulong> state, ReadOnlySpan<byte> tail, int messageBytes, Span<byte> destination)
    {
        Span<byte> block = stackalloc byte[Blake2b.BlockBytes];
        block.Clear();
        tail.CopyTo(block);
        Blake2b.Compress(state, block, (ulong)Start.Bytes + (ulong)messageBytes, last: true);
        WriteDigest(state, destination[..HashLength]);
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_keyBlock);
        Array.Clear(_initial);
        Array.Clear(_start);
    }

    private static void WriteDigest(ReadOnlySpan<ulong> state, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(i * sizeof(ulong))..], state[i]);
        }
    }
}
