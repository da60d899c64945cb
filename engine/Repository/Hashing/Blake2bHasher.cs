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

    public override void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<ulong> state = stackalloc ulong[Blake2b.StateWords];
        if (data.IsEmpty && _keyed)
        {
            _initial.CopyTo(state);
            Blake2b.Compress(state, _keyBlock, Blake2b.BlockBytes, last: true);
        }
        else
        {
            _start.CopyTo(state);
            Absorb(state, data);
        }
        WriteDigest(state, destination[..HashLength]);
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_keyBlock);
        Array.Clear(_initial);
        Array.Clear(_start);
    }

    private void Absorb(Span<ulong> state, ReadOnlySpan<byte> data)
    {
        var before = _keyed ? (ulong)Blake2b.BlockBytes : 0;
        // The last block, full or not, is compressed with the final flag, so it stays behind.
        var whole = data.IsEmpty ? 0 : (data.Length - 1) / Blake2b.BlockBytes * Blake2b.BlockBytes;
        if (whole > 0)
        {
            Blake2b.Compress(state, data[..whole], before + Blake2b.BlockBytes, last: false);
        }
        Span<byte> tail = stackalloc byte[Blake2b.BlockBytes];
        tail.Clear();
        data[whole..].CopyTo(tail);
        Blake2b.Compress(state, tail, before + (ulong)data.Length, last: true);
    }

    private static void WriteDigest(ReadOnlySpan<ulong> state, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(i * sizeof(ulong))..], state[i]);
        }
    }
}
