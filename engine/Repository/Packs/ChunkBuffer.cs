using BackupFunctions.Engine.Buffers;
using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository.Packs;

/// <summary>
/// A pooled buffer for plain bytes with room around them for what encryption adds, so that they can be read, hashed, encrypted and
/// written in one place. One owner, who disposes it.
/// </summary>
internal sealed class ChunkBuffer(int capacity) : IDisposable
{
    private readonly PooledBytes _bytes = PooledBytes.Rent(RepositoryCrypto.HeadBytes + capacity + RepositoryCrypto.TailBytes);

    /// <summary>Plain bytes that it takes.</summary>
    public int Capacity => capacity;

    /// <summary>The plain bytes.</summary>
    public Memory<byte> Plain => _bytes.Memory.Slice(RepositoryCrypto.HeadBytes, capacity);

    /// <summary>The place for the encrypted form of so many plain bytes; they lie within it.</summary>
    public Memory<byte> StoredOf(int plainBytes) => _bytes.Memory[..(plainBytes + RepositoryCrypto.OverheadBytes)];

    public void Dispose() => _bytes.Dispose();
}
