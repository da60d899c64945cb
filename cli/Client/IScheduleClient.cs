using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Client;

/// <summary>Schedules.</summary>
internal interface IScheduleClient : IObjectClient<VeleroSchedule>
{
    /// <summary>Stops or resumes the backups of a schedule; returns it as it is then.</summary>
    Task<VeleroSchedule> SetPausedAsync(string name, bool paused, CancellationToken cancellationToken);

    /// <summary>Starts a backup from the schedule's template now.</summary>
    Task<VeleroBackup> RunAsync(string name, CancellationToken cancellationToken);
}
