using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository;

/// <summary>Who maintains a repository, when, and what was done of late.</summary>
/// <param name="Owner">Who may, as <c>user@host</c>; null when nobody was named.</param>
/// <param name="QuickInterval">Time between quick runs; null when they are off.</param>
/// <param name="FullInterval">Time between full runs; null when they are off.</param>
/// <param name="NextQuick">When the next quick run is due; null when none ever ran.</param>
/// <param name="NextFull">When the next full run is due; null when none ever ran.</param>
/// <param name="Runs">Of each task by Kopia's name: its runs, newest first.</param>
public sealed record MaintenanceStatus(
    string? Owner,
    TimeSpan? QuickInterval,
    TimeSpan? FullInterval,
    UnixNanos? NextQuick,
    UnixNanos? NextFull,
    IReadOnlyDictionary<string, IReadOnlyList<MaintenanceTaskRun>> Runs);
