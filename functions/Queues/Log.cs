using BackupFunctions.Engine.Repository;

namespace BackupFunctions.App.Queues;

/// <summary>What the queue functions tell.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "Maintained the repository of namespace {Namespace} ({Mode}): deleted {Blobs} blobs of {Bytes} bytes.")]
    public static partial void RepositoryMaintained(ILogger logger, string @namespace, MaintenanceMode mode, long blobs, long bytes);

    [LoggerMessage(601, LogLevel.Warning, "In the repository of namespace {Namespace} something is damaged and was left alone: {Problem}")]
    public static partial void MaintenanceProblem(ILogger logger, string @namespace, string problem);
}
