using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>What follows from the schedule and the time: which mode is due, which tasks may run, and how far deletions may become final. Pure.</summary>
internal static class MaintenanceRules
{
    /// <summary>More than this between the store's clock and ours, and no age can be trusted.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    private const long NanosPerTick = 100;

    /// <summary>What is due; Auto when nothing is. A full run does all that a quick one does, so it comes first.</summary>
    public static MaintenanceMode Due(MaintenanceParameters parameters, MaintenanceSchedule schedule, UnixNanos now)
    {
        if (parameters.Full.IsEnabled && IsOver(schedule.NextFull, now))
        {
            return MaintenanceMode.Full;
        }

        return parameters.Quick.IsEnabled && IsOver(schedule.NextQuick, now) ? MaintenanceMode.Quick : MaintenanceMode.Auto;
    }

    /// <summary>The schedule as a run of this mode sets it at its start, so that one that dies is not begun again at once.</summary>
    public static MaintenanceSchedule Begun(MaintenanceParameters parameters, MaintenanceSchedule schedule, MaintenanceMode mode, UnixNanos now)
    {
        MaintenanceSchedule begun = schedule with { NextQuick = Later(now, parameters.Quick.Interval).ToString() };
        return mode == MaintenanceMode.Full ? begun with { NextFull = Later(now, parameters.Full.Interval).ToString() } : begun;
    }

    /// <summary>
    /// Whether contents may be moved (M5): only once the packs that the last move left behind were deleted, so that moving again and again does
    /// not put the deletion off for ever.
    /// </summary>
    public static bool MayRewrite(MaintenanceSchedule schedule, SafetyMargins margins, bool isFull)
    {
        UnixNanos? rewritten = isFull
            ? schedule.LastSuccess(TaskNames.FullRewriteContents)
            : schedule.LastSuccess(TaskNames.FullRewriteContents, TaskNames.QuickRewriteContents);
        UnixNanos? deleted = isFull
            ? schedule.LastSuccess(TaskNames.FullDeleteBlobs)
            : schedule.LastSuccess(TaskNames.FullDeleteBlobs, TaskNames.QuickDeleteBlobs);
        return rewritten is not { } last || margins.RewriteToDeletion == TimeSpan.Zero || (deleted is { } since && last <= since);
    }

    /// <summary>Whether packs may be deleted (M5): not too soon after contents were moved out of them, be it by a run that failed then.</summary>
    public static bool MayDeletePacks(MaintenanceSchedule schedule, SafetyMargins margins, UnixNanos now) =>
        schedule.LastAttempt(TaskNames.FullRewriteContents, TaskNames.QuickRewriteContents) is not { } rewritten
            || now >= Later(rewritten, margins.RewriteToDeletion);

    /// <summary>
    /// Deletions of contents up to which second are final (M3): those that the newest garbage collection has seen and an earlier one, far enough
    /// before it, had made. Null when no two collections are far enough apart.
    /// </summary>
    public static long? SafeDropSecond(MaintenanceSchedule schedule, SafetyMargins margins)
    {
        List<RecordedRun> collections = [.. schedule.RunsOf(TaskNames.SnapshotGc).Where(static run => run.IsSuccess)];
        collections.Sort(static (left, right) => right.Start.CompareTo(left.Start));
        foreach (RecordedRun earlier in collections.Skip(1))
        {
            if (Between(earlier.End, collections[0].Start) > (Int128)margins.MarginBetweenCollections.Ticks * NanosPerTick)
            {
                return Later(earlier.Start, -margins.DropMargin).Seconds;
            }
        }

        return null;
    }

    private static bool IsOver(string? time, UnixNanos now) => time is null || UnixNanos.Parse(time) <= now;

    private static Int128 Between(UnixNanos start, UnixNanos end) => (Int128)end.Value - start.Value;

    private static UnixNanos Later(UnixNanos time, TimeSpan span) =>
        new((long)Int128.Clamp(time.Value + ((Int128)span.Ticks * NanosPerTick), long.MinValue, long.MaxValue));
}
