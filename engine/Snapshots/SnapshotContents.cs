using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots.Format;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Marks every content that any snapshot needs, checkpoints included. A directory object is gone through once, in however many snapshots it is;
/// those that wait for their turn are the siblings on the way to where the workers are, so that memory does not grow with the tree.
/// </summary>
internal sealed class SnapshotContents(KopiaRepository repository)
{
    private const int WorkersPerProcessor = 4;

    /// <exception cref="BackupException">Something could not be read. The message names the snapshot and the path.</exception>
    public async Task MarkAsync(UsedContents used, CancellationToken cancellationToken)
    {
        SnapshotListing listing = await new SnapshotCatalog(repository).ListAsync(cancellationToken);
        if (listing.Unreadable is [var unreadable, ..])
        {
            throw new BackupException(
                ErrorKind.Corrupt,
                $"the snapshot {unreadable.Path} cannot be read ({unreadable.Message}), so nobody knows what it needs and no garbage is collected",
                "Delete this snapshot if it is not wanted any more, or use the version of the program that wrote it.");
        }

        using SharedStack<TreePlace> stack = new();
        foreach (TreeSnapshot snapshot in listing.Snapshots)
        {
            TreePlace root = new(snapshot, null, "", snapshot.Root.ObjectId);
            if (snapshot.Root.Kind != EntryKind.Directory)
            {
                await MarkAsync(used, root, null, snapshot.Root.ObjectId, cancellationToken);
            }
            else if (used.TryEnter(snapshot.Root.ObjectId))
            {
                stack.Push(root);
            }
        }

        int workers = WorkersPerProcessor * Environment.ProcessorCount;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, workers), parallel, async (_, token) =>
        {
            while (await stack.TakeAsync(token) is { } place)
            {
                await EnterAsync(used, stack, place, token);
                stack.Done();
            }
        });
    }

    /// <summary>Marks a directory's object and those of its entries; directories that nobody has seen get their turn later.</summary>
    private async Task EnterAsync(UsedContents used, SharedStack<TreePlace> stack, TreePlace place, CancellationToken cancellationToken)
    {
        await MarkAsync(used, place, null, place.Directory, cancellationToken);
        try
        {
            await using DirectoryReader reader = await DirectoryReader.OpenAsync(repository, place.Directory, cancellationToken);
            while (await reader.ReadAsync(cancellationToken) is { } entry)
            {
                if (entry.Kind != EntryKind.Directory)
                {
                    await MarkAsync(used, place, entry.Name, entry.ObjectId, cancellationToken);
                }
                else if (used.TryEnter(entry.ObjectId))
                {
                    stack.Push(new TreePlace(place.Snapshot, place, entry.Name, entry.ObjectId));
                }
            }
        }
        catch (BackupException failure) when (failure is not UnreadableTreeException)
        {
            throw place.Unreadable(null, failure);
        }
    }

    private static async ValueTask MarkAsync(UsedContents used, TreePlace place, string? entry, ObjectId id, CancellationToken cancellationToken)
    {
        try
        {
            await used.MarkAsync(id, cancellationToken);
        }
        catch (BackupException failure)
        {
            throw place.Unreadable(entry, failure);
        }
    }
}
