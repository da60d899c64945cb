using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>Chooses the earlier snapshots that lend a new one their unchanged files.</summary>
internal static class PreviousSnapshots
{
    /// <summary>Most checkpoints that are looked into; each run that breaks off leaves one.</summary>
    private const int MaxCheckpoints = 3;

    /// <summary>The newest complete snapshot, and checkpoints of runs after it that did not end; newest first.</summary>
    /// <param name="sameTree">Snapshots of the same tree, oldest first.</param>
    /// <param name="isUsable">Whether a complete one may lend files.</param>
    /// <param name="now">Later ones are of a clock that ran ahead, and are left alone.</param>
    public static IReadOnlyList<TreeSnapshot> Choose(IEnumerable<TreeSnapshot> sameTree, Func<TreeSnapshot, bool> isUsable, UnixNanos now)
    {
        List<TreeSnapshot> past = [.. sameTree.Where(snapshot => snapshot.StartTime <= now)];
        TreeSnapshot? complete = past.FindLast(snapshot => snapshot.IsComplete && isUsable(snapshot));
        IEnumerable<TreeSnapshot> checkpoints = past.Where(snapshot => !snapshot.IsComplete && (complete is null || snapshot.StartTime > complete.StartTime));
        return [.. checkpoints.Reverse().Take(MaxCheckpoints), .. complete is null ? Array.Empty<TreeSnapshot>() : [complete]];
    }
}
