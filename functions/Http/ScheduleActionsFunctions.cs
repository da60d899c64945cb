using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.App.Http;

/// <summary>What one does with a schedule: run it now, hold it back, let it run again.</summary>
internal sealed class ScheduleActionsFunctions(ScheduleStore schedules, ScheduleTicker ticker)
{
    [Function("RunSchedule")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "schedules/{name}/run")] HttpRequest request, CancellationToken cancellationToken)
    {
        VeleroBackup backup = await ticker.RunNowAsync(Requests.Name(request), cancellationToken);
        return new JsonResult<VeleroBackup>(backup, CatalogJsonContext.Default.VeleroBackup, StatusCodes.Status202Accepted);
    }

    [Function("PauseSchedule")]
    public async Task<IResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "schedules/{name}/pause")] HttpRequest request, CancellationToken cancellationToken)
    {
        await schedules.PauseAsync(Requests.Name(request), cancellationToken);
        return await ShowAsync(request, cancellationToken);
    }

    [Function("UnpauseSchedule")]
    public async Task<IResult> UnpauseAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "schedules/{name}/unpause")] HttpRequest request, CancellationToken cancellationToken)
    {
        await schedules.UnpauseAsync(Requests.Name(request), Requests.Flag(request, "skipImmediately"), cancellationToken);
        return await ShowAsync(request, cancellationToken);
    }

    private async Task<IResult> ShowAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ScheduleEntry entry = await schedules.GetAsync(Requests.Name(request), cancellationToken);
        return new JsonResult<VeleroSchedule>(entry.Schedule ?? throw entry.Problem!, CatalogJsonContext.Default.VeleroSchedule); // one of the two is always there
    }
}
