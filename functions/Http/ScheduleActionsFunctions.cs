using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.App.Http;

/// <summary>What one does with a schedule: run it now, hold it back, let it run again.</summary>
internal sealed class ScheduleActionsFunctions(ScheduleCatalog schedules, ScheduleRunner runner)
{
    [Function("RunSchedule")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "schedules/{name}/run")] HttpRequest request, CancellationToken cancellationToken)
    {
        VeleroBackup backup = await runner.RunNowAsync(Requests.Name(request), cancellationToken);
        return new JsonResult<VeleroBackup>(backup, CatalogJsonContext.Default.VeleroBackup, StatusCodes.Status202Accepted);
    }

    [Function("PauseSchedule")]
    public Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "schedules/{name}/pause")] HttpRequest request, CancellationToken cancellationToken) =>
        SetPausedAsync(request, paused: true, cancellationToken);

    [Function("UnpauseSchedule")]
    public Task<IResult> UnpauseAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "schedules/{name}/unpause")] HttpRequest request, CancellationToken cancellationToken) =>
        SetPausedAsync(request, paused: false, cancellationToken);

    private async Task<IResult> SetPausedAsync(HttpRequest request, bool paused, CancellationToken cancellationToken) =>
        new JsonResult<VeleroSchedule>(await schedules.SetPausedAsync(Requests.Name(request), paused, cancellationToken), CatalogJsonContext.Default.VeleroSchedule);
}
