using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Files;

/// <summary>What the file system says of one file, directory, link or node.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Permissions">The twelve low bits of the Unix mode: set-user-id 04000, set-group-id 02000, sticky 01000, and rwx of three.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="LengthBytes">Length of a file; of a symbolic link, of its target; otherwise without meaning.</param>
/// <param name="Modified">Time of the last change of its content.</param>
/// <param name="LinkCount">Names it has.</param>
/// <param name="Identity">Its file system and number.</param>
/// <param name="AllocatedBytes">Storage it takes; less than its length when it has holes.</param>
/// <param name="DeviceMajor">Of a device node: the driver.</param>
/// <param name="DeviceMinor">Of a device node: which of the driver's devices.</param>
public readonly record struct FileMetadata(
    FileKind Kind,
    uint Permissions,
    uint Uid,
    uint Gid,
    long LengthBytes,
    UnixNanos Modified,
    uint LinkCount,
    FileIdentity Identity,
    long AllocatedBytes,
    uint DeviceMajor,
    uint DeviceMinor)
{
    /// <summary>The bits of a mode that <see cref="Permissions"/> holds.</summary>
    public const uint PermissionMask = 0xFFF;

    /// <summary>Whether the file may have holes: it takes less storage than it is long.</summary>
    public bool MayHaveHoles => Kind == FileKind.Regular && AllocatedBytes < LengthBytes;
}
