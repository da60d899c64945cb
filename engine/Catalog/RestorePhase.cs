namespace BackupFunctions.Engine.Catalog;

/// <summary>The phases of a restore, in Velero's words.</summary>
public static class RestorePhase
{
    public const string New = "New";
    public const string FailedValidation = "FailedValidation";
    public const string InProgress = "InProgress";
    public const string WaitingForPluginOperations = "WaitingForPluginOperations";
    public const string WaitingForPluginOperationsPartiallyFailed = "WaitingForPluginOperationsPartiallyFailed";
    public const string Finalizing = "Finalizing";
    public const string FinalizingPartiallyFailed = "FinalizingPartiallyFailed";
    public const string Completed = "Completed";
    public const string PartiallyFailed = "PartiallyFailed";
    public const string Failed = "Failed";

    /// <summary>Whether nobody works on it any more.</summary>
    public static bool IsFinished(string? phase) => phase is FailedValidation or Completed or PartiallyFailed or Failed;
}
