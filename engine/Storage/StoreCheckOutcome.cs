namespace BackupFunctions.Engine.Storage;

/// <summary>How a step of a store check ended.</summary>
public enum StoreCheckOutcome
{
    /// <summary>As it must be.</summary>
    Passed,

    /// <summary>Works, with something that somebody should know.</summary>
    Warning,

    /// <summary>The store cannot be used like that.</summary>
    Failed,

    /// <summary>Not tried, because an earlier step failed.</summary>
    Skipped,
}
