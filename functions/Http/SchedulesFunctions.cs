using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.App.Http;

/// <summary>Schedules as a resource: make, list, show, describe, delete.</summary>
internal sealed class SchedulesFunctions(ScheduleCatalog schedules)
{
    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    [Function("CreateSchedule")]
    public async Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "schedules")] HttpRequest request, CancellationToken cancellationToken)
    {
        VeleroSchedule body = await ScheduleBody.ReadAsync(request, cancellationToken);
        VeleroSchedule schedule = await schedules.CreateAsync(body, cancellationToken);
        return new JsonResult<VeleroSchedule>(schedule, Json.VeleroSchedule, StatusCodes.Status201Created);
    }

    [Function("ListSchedules")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(new VeleroListResult<VeleroSchedule>("ScheduleList", schedules.ListAsync(cancellationToken), Json.VeleroSchedule));

    [Function("GetSchedule")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules/{name}")] HttpRequest request, CancellationToken cancellationToken) =>
        new JsonResult<VeleroSchedule>(await schedules.GetAsync(Requests.Name(request), cancellationToken), Json.VeleroSchedule);

    [Function("DescribeSchedule")]
    public async Task<IResult> DescribeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules/{name}/describe")] HttpRequest request, CancellationToken cancellationToken)
    {
        using StringWriter text = new() { NewLine = "\n" };
        ScheduleDescription.Write(text, await schedules.GetAsync(Requests.Name(request), cancellationToken));
        return Results.Text(text.ToString());
    }

    [Function("DeleteSchedule")]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = "schedules/{name}")] HttpRequest request, CancellationToken cancellationToken)
    {
        await schedules.DeleteAsync(Requests.Name(request), cancellationToken);
        return Results.NoContent();
    }
}
