using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository;

/// <summary>One run of a task as the repository's schedule records it.</summary>
/// <param name="Start">By the clock of whoever ran it.</param>
/// <param name="End">By the same clock.</param>
/// <param name="IsSuccess">Whether it came to its end.</param>
/// <param name="Error">Why not.</param>
public sealed record MaintenanceTaskRun(UnixNanos Start, UnixNanos End, bool IsSuccess, string? Error);
