using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Files.Native;

/// <summary>What statx(2) fills: the one form of stat that is laid out alike on all architectures. 256 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct Statx
{
    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint LinkCount;
    public uint Uid;
    public uint Gid;
    public ushort Mode;
    public ushort Spare0;
    public ulong Inode;
    public ulong Length;
    public ulong Blocks; // of 512 bytes
    public ulong AttributesMask;
    public StatxTime Accessed;
    public StatxTime Created;
    public StatxTime Changed;
    public StatxTime Modified;
    public uint NodeMajor;
    public uint NodeMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
}

/// <summary>A time inside <see cref="Statx"/>. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatxTime
{
    public long Seconds;
    public uint Nanos;
    public int Reserved;
}
