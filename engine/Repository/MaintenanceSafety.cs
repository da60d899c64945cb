namespace BackupFunctions.Engine.Repository;

/// <summary>Whether others may use the repository during and before a maintenance.</summary>
public enum MaintenanceSafety
{
    /// <summary>Writers and readers may be at work: nothing young is touched, and what is deleted can be had back for a while.</summary>
    Full,

    /// <summary>Nobody else uses the repository, and nobody did a moment ago: the space comes back at once. A writer beside it loses data.</summary>
    None,
}
