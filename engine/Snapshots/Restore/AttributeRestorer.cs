using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots.Restore;

/// <summary>
/// Sets what a file has besides its bytes, in the order that keeps all of it: the owner (which clears set-user-id), the permissions,
/// the extended attributes, the time. What only a mightier user may set is a warning.
/// </summary>
internal sealed class AttributeRestorer(RestoreLedger ledger)
{
    private const uint SetIds = 0xC00; // 06000

    public void Apply(WritableFile file, DirectoryEntry entry, RestorePath path) => Apply(
        path, entry.Uid, entry.Gid, entry.Permissions, entry.Posix, entry.Modified,
        file.SetOwner, file.SetPermissions, file.SetExtendedAttribute, file.SetModified);

    public void Apply(DirectoryHandle directory, DirectoryEntry entry, RestorePath? path) => Apply(
        path, entry.Uid, entry.Gid, entry.Permissions, entry.Posix, entry.Modified,
        directory.SetOwner, directory.SetPermissions, directory.SetExtendedAttribute, directory.SetModified);

    public void ApplyToSymlink(DirectoryHandle directory, FileName name, DirectoryEntry entry, RestorePath path) => Apply(
        path, entry.Uid, entry.Gid, 0, entry.Posix, entry.Modified,
        (uid, gid) => directory.SetOwner(name, uid, gid),
        _ => { }, // links have none
        attribute => directory.SetExtendedAttribute(name, attribute),
        modified => directory.SetModified(name, modified));

    public void ApplyToSpecial(DirectoryHandle directory, FileName name, SpecialEntry entry, RestorePath path) => Apply(
        path, entry.Uid, entry.Gid, entry.Permissions, entry.Posix, entry.Modified,
        (uid, gid) => directory.SetOwner(name, uid, gid),
        permissions => directory.SetPermissions(name, permissions),
        attribute => directory.SetExtendedAttribute(name, attribute),
        modified => directory.SetModified(name, modified));

    private void Apply(
        RestorePath? path,
        uint uid,
        uint gid,
        uint permissions,
        PosixExtras? posix,
        UnixNanos modified,
        Action<uint, uint> setOwner,
        Action<uint> setPermissions,
        Action<ExtendedAttribute> setAttribute,
        Action<UnixNanos> setModified)
    {
        if (!Try(() => setOwner(uid, gid), path))
        {
            permissions &= ~SetIds; // it must not lend the rights of somebody else
        }

        Try(() => setPermissions(permissions), path);
        foreach (ExtendedAttribute attribute in posix?.Attributes ?? [])
        {
            Try(() => setAttribute(attribute), path);
        }

        Try(() => setModified(modified), path);
    }

    private bool Try(Action set, RestorePath? path)
    {
        try
        {
            set();
            return true;
        }
        catch (FileSystemException error) when (error.Kind is ErrorKind.AccessDenied or ErrorKind.Unsupported)
        {
            ledger.AddWarning(RestorePath.Display(path), error.Message);
            return false;
        }
    }
}
