namespace BackupFunctions.Engine.Storage.Folder;

/// <summary>Where blobs lie below the root, and the guard against symbolic links on the way.</summary>
internal sealed class FolderPaths(string root, FolderErrors errors)
{
    /// <summary>Unfinished writes; below the same root, so that publishing them never leaves the file system.</summary>
    internal const string TemporaryName = ".tmp";

    internal string Root { get; } = root;

    internal string Temporary { get; } = Path.Combine(root, TemporaryName);

    internal string File(BlobName name)
    {
        string text = name.ToString();
        return IsReserved(text)
            ? throw errors.Reserved($"the blob '{name}'", TemporaryName)
            : Path.Combine(Root, text);
    }

    /// <summary>Whether the name lies where the listing never looks.</summary>
    internal static bool IsReserved(ReadOnlySpan<char> name) =>
        name.StartsWith(TemporaryName, StringComparison.Ordinal) && (name.Length == TemporaryName.Length || name[TemporaryName.Length] == '/');

    /// <summary>The folders between the root (not included) and the file, outermost first.</summary>
    internal IEnumerable<string> FoldersOf(string file)
    {
        for (int slash = file.IndexOf('/', Math.Min(Root.Length + 1, file.Length)); slash >= 0; slash = file.IndexOf('/', slash + 1))
        {
            yield return file[..slash];
        }
    }

    /// <summary>The first symbolic link on the way from the root to the file, itself included if asked; null when there is none.</summary>
    internal string? FindLink(string file, bool includeFile)
    {
        foreach (string folder in FoldersOf(file))
        {
            if (IsLink(folder))
            {
                return folder;
            }
        }

        return includeFile && IsLink(file) ? file : null;
    }

    internal void RefuseLinks(string file)
    {
        if (FindLink(file, includeFile: false) is { } link)
        {
            throw errors.LinkInTheWay(Path.GetRelativePath(Root, link));
        }
    }

    private static bool IsLink(string path)
    {
        FileInfo info = new(path);
        return (int)info.Attributes != -1 && info.Attributes.HasFlag(FileAttributes.ReparsePoint);
    }
}
