namespace BackupFunctions.Engine.Files;

/// <summary>One extended attribute. POSIX access control lists are the ones named <c>system.posix_acl_access</c> and <c>system.posix_acl_default</c>.</summary>
/// <param name="Name">Its name with the class in front, as <c>user.comment</c>. Bytes that are not UTF-8 are not supported in names.</param>
/// <param name="Value">Its value, at most 64 KiB.</param>
public sealed record ExtendedAttribute(string Name, ReadOnlyMemory<byte> Value);
