using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>Schedules behind the function app's API.</summary>
internal sealed class HttpSchedules(HttpApi api) : HttpObjects<VeleroSchedule>(api, "schedules", CatalogJsonContext.Default.VeleroSchedule), IScheduleClient
{
    public Task<VeleroSchedule> SetPausedAsync(string name, bool paused, CancellationToken cancellationToken) =>
        Api.PostAsync(PathOf(name, paused ? "pause" : "unpause"), [], CatalogJsonContext.Default.VeleroSchedule, cancellationToken);

    public Task<VeleroBackup> RunAsync(string name, CancellationToken cancellationToken) =>
        Api.PostAsync(PathOf(name, "run"), [], CatalogJsonContext.Default.VeleroBackup, cancellationToken);
}
