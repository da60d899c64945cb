using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Files.Native;

/// <summary>A time as the C library takes it on 64 bits: seconds and nanoseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanos;
}
