using BackupFunctions.Engine.Catalog;

namespace BackupFunctions.Cli.Client.Http;

/// <summary>A function app over HTTP.</summary>
internal sealed class HttpBackupClient(HttpApi api) : IBackupClient
{
    public string DisplayName => $"function app at {api.Server}";

    public bool RunsHere => false;

    public IRunClient<VeleroBackup> Backups { get; } = new HttpRuns<VeleroBackup>(api, "backups", CatalogJsonContext.Default.VeleroBackup);

    public IRunClient<VeleroRestore> Restores { get; } = new HttpRuns<VeleroRestore>(api, "restores", CatalogJsonContext.Default.VeleroRestore);

    public IScheduleClient Schedules { get; } = new HttpSchedules(api);

    public Task WorkAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<StoreReport> CheckStoreAsync(CancellationToken cancellationToken) =>
        api.GetAsync("store/check", ApiJsonContext.Default.StoreReport, cancellationToken);

    public async Task<string?> ReadServerVersionAsync(CancellationToken cancellationToken) =>
        (await api.GetAsync("version", ApiJsonContext.Default.VersionAnswer, cancellationToken)).Version;

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }
}
