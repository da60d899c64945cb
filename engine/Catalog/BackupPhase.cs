namespace BackupFunctions.Engine.Catalog;

/// <summary>The phases of a backup, in Velero's words.</summary>
public static class BackupPhase
{
    public const string New = "New";
    public const string Queued = "Queued";
    public const string ReadyToStart = "ReadyToStart";
    public const string FailedValidation = "FailedValidation";
    public const string InProgress = "InProgress";
    public const string WaitingForPluginOperations = "WaitingForPluginOperations";
    public const string WaitingForPluginOperationsPartiallyFailed = "WaitingForPluginOperationsPartiallyFailed";
    public const string Finalizing = "Finalizing";
    public const string FinalizingPartiallyFailed = "FinalizingPartiallyFailed";
    public const string Completed = "Completed";
    public const string PartiallyFailed = "PartiallyFailed";
    public const string Failed = "Failed";
    public const string Deleting = "Deleting";

    /// <summary>Whether nobody works on it any more; null, an unknown word and <see cref="Deleting"/> are not finished.</summary>
    public static bool IsFinished(string? phase) => phase is FailedValidation or Completed or PartiallyFailed or Failed;

    /// <summary>Whether it can be restored from: finished, with its contents in the bucket.</summary>
    public static bool IsRestorable(string? phase) => phase is Completed or PartiallyFailed;

    /// <summary>Whether somebody may be working on it, so that it must not be deleted.</summary>
    public static bool IsRunning(string? phase) =>
        phase is null or "" or New or Queued or ReadyToStart or InProgress
            or WaitingForPluginOperations or WaitingForPluginOperationsPartiallyFailed
            or Finalizing or FinalizingPartiallyFailed;
}
