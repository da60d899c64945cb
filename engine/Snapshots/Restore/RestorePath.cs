using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots.Restore;

/// <summary>Where an entry lies below the target: for messages, and to open its directory again name by name.</summary>
internal sealed record RestorePath(RestorePath? Parent, FileName Name)
{
    /// <summary>Of a directory that is being filled: its object.</summary>
    public ObjectId Directory { get; init; }

    /// <summary>Whether one of the directories on the way to this path is that object: with the key such are made that hold themselves, and would never end.</summary>
    public bool IsWithin(ObjectId directory)
    {
        for (RestorePath? level = Parent; level is not null; level = level.Parent)
        {
            if (level.Directory == directory)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The path relative to the target; "" for the target itself (null).</summary>
    public static string Display(RestorePath? path) =>
        path is null ? "" : path.Parent is null ? path.Name.ToString() : Display(path.Parent) + "/" + path.Name;

    /// <summary>Opens the directory at this path below the target, following nothing. The caller disposes it.</summary>
    public static DirectoryHandle Open(DirectoryHandle target, RestorePath path)
    {
        Stack<FileName> names = new();
        for (RestorePath? level = path; level is not null; level = level.Parent)
        {
            names.Push(level.Name);
        }

        DirectoryHandle directory = target.OpenDirectory(names.Pop());
        while (names.TryPop(out FileName name))
        {
            using DirectoryHandle above = directory;
            directory = above.OpenDirectory(name);
        }

        return directory;
    }
}
