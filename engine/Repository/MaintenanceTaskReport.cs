namespace BackupFunctions.Engine.Repository;

/// <summary>What one task of a maintenance did.</summary>
/// <param name="Task">Kopia's name of the task, as in the repository's schedule.</param>
/// <param name="Figures">What it counted; empty when it was skipped.</param>
public sealed record MaintenanceTaskReport(string Task, IReadOnlyList<MaintenanceFigure> Figures)
{
    /// <summary>Most problems that are kept.</summary>
    public const int MaxProblems = 100;

    /// <summary>Why it was not run; null when it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>Blobs that it deleted.</summary>
    public long DeletedBlobs { get; init; }

    /// <summary>Bytes that it freed in the store.</summary>
    public long FreedBytes { get; init; }

    /// <summary>What it left alone because it is damaged, the first of them.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
