using System.Buffers.Binary;
using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Hashing;

/// <summary>BLAKE2s (RFC 7693) with the repository's secret as key. Unlike BLAKE2b's, its short kind is a digest of 16 bytes by parameter.</summary>
internal sealed class Blake2sHasher : ContentHasher
{
    public const string Short = "BLAKE2S-128";
    public const string Full = "BLAKE2S-256";

    private const int MaxKeyBytes = 32;

    // The chaining value after the key block, which is the same for every non-empty input.
    private readonly uint[] _start = new uint[Blake2s.StateWords];
    private readonly uint[] _initial = new uint[Blake2s.StateWords];
    private readonly byte[] _keyBlock = new byte[Blake2s.BlockBytes];
    private readonly bool _keyed;

    public Blake2sHasher(ReadOnlySpan<byte> secret, int digestBytes)
    {
        if (secret.Length > MaxKeyBytes)
        {
            throw new BackupException(ErrorKind.Unsupported, $"The hash secret has {secret.Length} bytes; BLAKE2s takes at most {MaxKeyBytes}.",
                "Use a repository whose secret has 32 bytes.");
        }
        HashLength = digestBytes;
        _keyed = !secret.IsEmpty;
        secret.CopyTo(_keyBlock);
        Blake2s.Initialize(_initial, digestBytes, secret.Length);
        _initial.CopyTo(_start, 0);
        if (_keyed)
        {
            Blake2s.Compress(_start, _keyBlock, Blake2s.BlockBytes, last: false);
        }
    }

    public override int HashLength { get; }

    public override void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<uint> state = stackalloc uint[Blake2s.StateWords];
        if (data.IsEmpty && _keyed)
        {
            _initial.CopyTo(state);
            Blake2s.Compress(state, _keyBlock, Blake2s.BlockBytes, last: true);
        }
        else
        {
            _start.CopyTo(state);
            Absorb(state, data);
        }
        for (var i = 0; i < HashLength / sizeof(uint); i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(i * sizeof(uint))..], state[i]);
        }
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_keyBlock);
        Array.Clear(_initial);
        Array.Clear(_start);
    }

    private void Absorb(Span<uint> state, ReadOnlySpan<byte> data)
    {
        var before = _keyed ? (ulong)Blake2s.BlockBytes : 0;
        // The last block, full or not, is compressed with the final flag, so it stays behind.
        var whole = data.IsEmpty ? 0 : (data.Length - 1) / Blake2s.BlockBytes * Blake2s.BlockBytes;
        if (whole > 0)
        {
            Blake2s.Compress(state, data[..whole], before + Blake2s.BlockBytes, last: false);
        }
        Span<byte> tail = stackalloc byte[Blake2s.BlockBytes];
        tail.Clear();
        data[whole..].CopyTo(tail);
        Blake2s.Compress(state, tail, before + (ulong)data.Length, last: true);
    }
}
