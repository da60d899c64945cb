namespace BackupFunctions.Engine.Repository;

/// <summary>What a maintenance did.</summary>
/// <param name="Mode">Quick or Full; Auto when nothing was due.</param>
/// <param name="Tasks">The tasks in the order they ran, skipped ones included.</param>
public sealed record MaintenanceReport(MaintenanceMode Mode, IReadOnlyList<MaintenanceTaskReport> Tasks)
{
    /// <summary>Whether anything was due.</summary>
    public bool WasDue => Mode != MaintenanceMode.Auto;

    /// <summary>Blobs deleted by all tasks.</summary>
    public long DeletedBlobs => Tasks.Sum(static task => task.DeletedBlobs);

    /// <summary>Bytes freed by all tasks; what they wrote anew is not taken off.</summary>
    public long FreedBytes => Tasks.Sum(static task => task.FreedBytes);
}
