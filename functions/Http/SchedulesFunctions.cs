using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Upkeep;

namespace BackupFunctions.App.Http;

/// <summary>Schedules as a resource: make, list, show, describe, delete.</summary>
internal sealed class SchedulesFunctions(ScheduleStore schedules)
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
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules")] HttpRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<ScheduleEntry> entries = await schedules.ListAsync(cancellationToken);
        return new VeleroListResult<VeleroSchedule>("ScheduleList", entries.Select(Shown).ToAsyncEnumerable(), Json.VeleroSchedule);
    }

    [Function("GetSchedule")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules/{name}")] HttpRequest request, CancellationToken cancellationToken) =>
        new JsonResult<VeleroSchedule>(Shown(await schedules.GetAsync(Requests.Name(request), cancellationToken)), Json.VeleroSchedule);

    [Function("DescribeSchedule")]
    public async Task<IResult> DescribeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules/{name}/describe")] HttpRequest request, CancellationToken cancellationToken)
    {
        using StringWriter text = new() { NewLine = "\n" };
        ScheduleDescription.Write(text, Shown(await schedules.GetAsync(Requests.Name(request), cancellationToken)));
        return Results.Text(text.ToString());
    }

    [Function("DeleteSchedule")]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = "schedules/{name}")] HttpRequest request, CancellationToken cancellationToken)
    {
        await schedules.DeleteAsync(Requests.Name(request), cancellationToken);
        return Results.NoContent();
    }

    /// <summary>One that cannot be carried out is shown with its problem.</summary>
    private static VeleroSchedule Shown(ScheduleEntry entry)
    {
        VeleroSchedule schedule = entry.Schedule
            ?? new VeleroSchedule { Metadata = new ObjectMetadata { Name = entry.Name, Namespace = VeleroNames.DefaultNamespace } };
        return entry.Problem is null
            ? schedule
            : schedule with { Status = schedule.Status with { Phase = "FailedValidation", ValidationErrors = [entry.Problem.Message] } };
    }
}
