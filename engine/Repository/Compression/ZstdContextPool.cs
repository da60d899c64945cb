using System.Collections.Concurrent;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// Keeps a few of libzstd's contexts, whose making costs more than a small content's compression. A context carries nothing from
/// one use to the next: every call sets its parameters and starts a new frame.
/// </summary>
internal sealed class ZstdContextPool(Func<nint> create, Action<nint> free)
{
    // A compression context of the highest level in use holds some tens of megabytes.
    private const int KeptContexts = 4;

    private readonly ConcurrentQueue<nint> _idle = new();

    public static ZstdContextPool Compression { get; } = new(Zstd.CreateCompressionContext, static c => _ = Zstd.FreeCompressionContext(c));

    public static ZstdContextPool Decompression { get; } = new(Zstd.CreateDecompressionContext, static c => _ = Zstd.FreeDecompressionContext(c));

    public Lease Rent()
    {
        var handle = _idle.TryDequeue(out var idle) ? idle : create();
        return handle != 0 ? new Lease(this, handle) : throw new BackupException(
            ErrorKind.Internal, "libzstd could not make a context.", "Give the process more memory.");
    }

    private void Return(nint handle)
    {
        if (_idle.Count < KeptContexts)
        {
            _idle.Enqueue(handle);
        }
        else
        {
            free(handle);
        }
    }

    /// <summary>The use of one context until it is disposed.</summary>
    internal readonly ref struct Lease(ZstdContextPool pool, nint handle)
    {
        public nint Handle => handle;

        public void Dispose() => pool.Return(handle);
    }
}
