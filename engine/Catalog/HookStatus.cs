namespace BackupFunctions.Engine.Catalog;

/// <summary>How many hooks were run, and how many of them failed.</summary>
public sealed record HookStatus
{
    public int HooksAttempted { get; init; }

    public int HooksFailed { get; init; }
}
