using System.Diagnostics.CodeAnalysis;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Catalog.Archive;

/// <summary>
/// Paths of items in a tarball: <c>resources/TYPE/cluster/NAME.json</c> and <c>resources/TYPE/namespaces/NAMESPACE/NAME.json</c>,
/// or with a version directory after TYPE.
/// </summary>
internal static class ItemPath
{
    private const string Root = "resources";
    private const string ClusterFolder = "cluster";
    private const string NamespacesFolder = "namespaces";
    private const string Suffix = ".json";

    /// <exception cref="BackupException">InvalidInput when a part cannot be a path segment.</exception>
    public static string Of(ItemKey key, string? versionFolder)
    {
        RequireSegment(key, key.GroupResource);
        RequireSegment(key, key.Name);
        string type = versionFolder is null ? $"{Root}/{key.GroupResource}" : $"{Root}/{key.GroupResource}/{versionFolder}";
        if (versionFolder is not null)
        {
            RequireSegment(key, versionFolder);
        }

        if (key.Namespace is null)
        {
            return $"{type}/{ClusterFolder}/{key.Name}{Suffix}";
        }

        RequireSegment(key, key.Namespace);
        return $"{type}/{NamespacesFolder}/{key.Namespace}/{key.Name}{Suffix}";
    }

    /// <summary>Whether a path of a tarball can be trusted: relative, and no way up.</summary>
    public static bool IsSafe(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = path.EndsWith('/') ? path.AsSpan(0, path.Length - 1) : path;
        foreach (Range range in rest.Split('/'))
        {
            if (rest[range] is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The item at a path without version directory; false for every other path.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out ItemKey? key)
    {
        key = null;
        if (!path.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = path[..^Suffix.Length].Split('/');
        key = parts switch
        {
            [Root, var type, ClusterFolder, { Length: > 0 } name] => new ItemKey(type, null, name),
            [Root, var type, NamespacesFolder, var ns, { Length: > 0 } name] => new ItemKey(type, ns, name),
            _ => null,
        };
        return key is not null;
    }

    private static void RequireSegment(ItemKey key, string segment)
    {
        if (segment.Length == 0 || segment is "." or ".." || segment.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                $"{key} cannot be stored: '{segment}' cannot be part of a path.",
                "Leave the object out of the backup.");
        }
    }
}
