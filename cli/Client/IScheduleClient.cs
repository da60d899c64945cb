using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Client;

/// <summary>Schedules.</summary>
internal interface IScheduleClient : IObjectClient<VeleroSchedule>
{
    /// <summary>Holds the backups of a schedule back.</summary>
    Task PauseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lets them run again.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="skipImmediately">Do not catch up at once with what was due in the meantime.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task UnpauseAsync(string name, bool skipImmediately, CancellationToken cancellationToken);

    /// <summary>Starts a backup from the schedule's template now.</summary>
    Task<VeleroBackup> RunAsync(string name, CancellationToken cancellationToken);
}
