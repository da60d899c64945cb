using System.Runtime.InteropServices;

namespace BackupFunctions.Engine.Files.Native;

/// <summary>Flags and file types of Linux's calls.</summary>
internal static class Flags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int NoAccessTime = 0x40000;
    public const int CloseOnExec = 0x80000;

    public const int SymlinkNoFollow = 0x100;
    public const int RemoveDirectory = 0x200;
    public const int NoAutomount = 0x800;
    public const int EmptyPath = 0x1000;

    public const uint StatxBasic = 0x7FF;

    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int AdviseSequential = 2;

    /// <summary>In nanoseconds of a time that is to stay as it is.</summary>
    public const long TimeOmit = 0x3FFFFFFE;

    public const uint TypeMask = 0xF000;
    public const uint TypeFifo = 0x1000;
    public const uint TypeCharacterDevice = 0x2000;
    public const uint TypeDirectory = 0x4000;
    public const uint TypeBlockDevice = 0x6000;
    public const uint TypeRegular = 0x8000;
    public const uint TypeSymlink = 0xA000;
    public const uint TypeSocket = 0xC000;

    // The ARM family numbers these two differently.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    public static int Directory => IsArm ? 0x4000 : 0x10000;

    public static int NoFollow => IsArm ? 0x8000 : 0x20000;

    public static FileKind KindOf(uint mode) => (mode & TypeMask) switch
    {
        TypeRegular => FileKind.Regular,
        TypeDirectory => FileKind.Directory,
        TypeSymlink => FileKind.Symlink,
        TypeFifo => FileKind.Fifo,
        TypeCharacterDevice => FileKind.CharacterDevice,
        TypeBlockDevice => FileKind.BlockDevice,
        TypeSocket => FileKind.Socket,
        _ => FileKind.Unknown,
    };
}
