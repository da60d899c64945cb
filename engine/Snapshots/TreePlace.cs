using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>A directory and the way to it.</summary>
/// <param name="Snapshot">The snapshot it was found in.</param>
/// <param name="Parent">The directory it lies in; null for the root.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Directory">Its object.</param>
internal sealed record TreePlace(TreeSnapshot Snapshot, TreePlace? Parent, string Name, ObjectId Directory)
{
    /// <summary>What is said when this, or the entry of that name in it, cannot be read.</summary>
    public UnreadableTreeException Unreadable(string? entry, BackupException failure)
    {
        List<string> names = entry is null ? [] : [entry];
        for (TreePlace place = this; place.Parent is { } parent; place = parent)
        {
            names.Add(place.Name);
        }

        names.Reverse();
        return new UnreadableTreeException(Snapshot, string.Join('/', names), failure);
    }
}
