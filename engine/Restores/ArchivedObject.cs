using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Restores;

/// <summary>An item of a backup's tarball as an object.</summary>
internal static class ArchivedObject
{
    /// <exception cref="BackupException">Corrupt: the item is no object; names the tarball and the item.</exception>
    public static KubeObject Parse(BackupName backup, ArchivedItem item)
    {
        try
        {
            return KubeObject.Parse(item.Json.Span);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            throw new BackupException(
                ErrorKind.Corrupt,
                $"The tarball {new BackupLayout(backup).Contents} is damaged at {item.Key}: {e.Message}",
                "Restore it from another copy of the bucket, or restore another backup.",
                e);
        }
    }
}
