using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Engine.Buffers;

/// <summary>
/// A file's bytes, mapped for reading: the system holds what is in use and may drop it again at any time. Nobody may shorten the file,
/// else reading ends the process: map only files of our own. The mapping goes with the collector, so that no reader can meet its
/// end; who reads through a span keeps this object alive meanwhile.
/// </summary>
public sealed unsafe partial class MappedBytes : MemoryManager<byte>
{
    private const int AdviseNotNeeded = 4; // MADV_DONTNEED

    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;

    private MappedBytes(MemoryMappedViewAccessor view, int length)
    {
        _view = view;
        _start = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle() + view.PointerOffset;
        _length = length;
    }

    /// <summary>Maps a file from its start; the handle may be closed afterwards.</summary>
    /// <param name="length">At least 1, and not more than the file has.</param>
    public static MappedBytes Map(SafeFileHandle file, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedBytes(mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
    }

    /// <summary>The bytes. They are read-only: writing ends the process.</summary>
    public override Span<byte> GetSpan() => new(_start, _length);

    /// <summary>Takes the pages that were read out of this process's memory; they come back when they are read again. Safe at any time.</summary>
    public void ReleasePages()
    {
        _ = Advise(_start, (nuint)_length, AdviseNotNeeded); // only advice
        GC.KeepAlive(this);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, default, this);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _view.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);
}
