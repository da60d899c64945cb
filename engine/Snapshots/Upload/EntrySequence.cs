namespace BackupFunctions.Engine.Snapshots.Upload;

/// <summary>
/// Places for runs of entries in the order of their names. Runs are completed in any order, by many workers; each goes to the
/// directory as soon as all before it are there, so that a checkpoint saves as much as there is.
/// </summary>
internal sealed class EntrySequence(DirectoryBuilder builder)
{
    private readonly Lock _lock = new(); // guards the list and what the places hold
    private readonly LinkedList<EntryRun?> _open = [];

    /// <summary>A place behind all others.</summary>
    public LinkedListNode<EntryRun?> Append()
    {
        lock (_lock)
        {
            return _open.AddLast((EntryRun?)null);
        }
    }

    /// <summary>A place right behind another that is not completed yet.</summary>
    public LinkedListNode<EntryRun?> InsertAfter(LinkedListNode<EntryRun?> place)
    {
        lock (_lock)
        {
            return _open.AddAfter(place, (EntryRun?)null);
        }
    }

    /// <summary>Fills a place; takes the ownership of the run.</summary>
    public void Complete(LinkedListNode<EntryRun?> place, EntryRun run)
    {
        lock (_lock)
        {
            place.Value = run;
            while (_open.First is { Value: { } first })
            {
                builder.Add(first);
                first.Dispose();
                _open.RemoveFirst();
            }
        }
    }
}
