using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Repository.Compression;

/// <summary>
/// zstd (RFC 8878) by the system's libzstd 1.4 or newer. One call writes or reads everything: the output span is the window, so
/// a foreign frame cannot make the library allocate one.
/// </summary>
internal static partial class Zstd
{
    private const string Library = "libzstd.so.1";
    private const int ParameterCompressionLevel = 100;
    private const int ParameterChecksum = 201;
    private const int ErrorDestinationTooSmall = 70;

    public static int MaxCompressedLength(int length) => checked((int)CompressBound((nuint)length));

    /// <summary>Writes one frame with content size and checksum; false when it does not fit.</summary>
    public static bool TryCompress(ReadOnlySpan<byte> source, Span<byte> destination, int level, out int written)
    {
        using var lease = ZstdContextPool.Compression.Rent();
        _ = SetParameter(lease.Handle, ParameterCompressionLevel, level);
        _ = SetParameter(lease.Handle, ParameterChecksum, 1);
        return Result(Compress2(lease.Handle, destination, (nuint)destination.Length, source, (nuint)source.Length), out written) == DecodeOutcome.Done;
    }

    /// <summary>Reads any number of frames, checksums included.</summary>
    public static DecodeOutcome Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        using var lease = ZstdContextPool.Decompression.Rent();
        return Result(DecompressDCtx(lease.Handle, destination, (nuint)destination.Length, source, (nuint)source.Length), out written);
    }

    private static DecodeOutcome Result(nuint result, out int written)
    {
        written = 0;
        if (IsError(result) == 0)
        {
            written = (int)result;
            return DecodeOutcome.Done;
        }
        return GetErrorCode(result) == ErrorDestinationTooSmall ? DecodeOutcome.DestinationTooSmall : DecodeOutcome.Damaged;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nint CreateCompressionContext();

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nint CreateDecompressionContext();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nuint FreeCompressionContext(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint CompressBound(nuint length);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint SetParameter(nint context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint Compress2(nint context, Span<byte> destination, nuint destinationLength, ReadOnlySpan<byte> source, nuint sourceLength);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint DecompressDCtx(nint context, Span<byte> destination, nuint destinationLength, ReadOnlySpan<byte> source, nuint sourceLength);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IsError(nuint result);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorCode")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetErrorCode(nuint result);
}
