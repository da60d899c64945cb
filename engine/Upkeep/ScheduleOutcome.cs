using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>What became of one schedule in a tick.</summary>
/// <param name="Schedule">Its name.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Due">The due time it is about, or null.</param>
/// <param name="Backup">The backup that was started, or that holds it back, or null.</param>
/// <param name="Error">Why it failed; null unless <see cref="TickResult.Failed"/>.</param>
public sealed record ScheduleOutcome(string Schedule, TickResult Result, DateTimeOffset? Due, string? Backup, BackupException? Error);

/// <summary>What a tick can make of a schedule.</summary>
public enum TickResult
{
    /// <summary>Nothing was due.</summary>
    NotDue,

    /// <summary>It is paused.</summary>
    Paused,

    /// <summary>Its last backup is still under way; it is looked at again with the next tick.</summary>
    StillRunning,

    /// <summary>A backup was started.</summary>
    Started,

    /// <summary>Another ticker had taken the due time.</summary>
    TakenAlready,

    /// <summary>It could not be carried out now; the next tick tries again.</summary>
    Failed,
}
