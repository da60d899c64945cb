using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>Schedules behind the function app's API.</summary>
internal sealed class HttpSchedules(HttpApi api) : HttpObjects<VeleroSchedule>(api, "schedules", CatalogJsonContext.Default.VeleroSchedule), IScheduleClient
{
    public Task PauseAsync(string name, CancellationToken cancellationToken) => Api.SendAsync(HttpMethod.Post, PathOf(name, "pause"), cancellationToken);

    public Task UnpauseAsync(string name, bool skipImmediately, CancellationToken cancellationToken) =>
        Api.SendAsync(HttpMethod.Post, PathOf(name, "unpause") + (skipImmediately ? "?skipImmediately=true" : ""), cancellationToken);

    public Task<VeleroBackup> RunAsync(string name, CancellationToken cancellationToken) =>
        Api.PostAsync(PathOf(name, "run"), [], CatalogJsonContext.Default.VeleroBackup, cancellationToken);
}
