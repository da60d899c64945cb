using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Http;

/// <summary>Restores as a resource: make, list, show, cancel, delete.</summary>
internal sealed class RestoresFunctions(RestoreStarter starter, RestoreReader reader, RestoreDeleter deleter, WorkDispatcher dispatcher)
{
    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    [Function("CreateRestore")]
    public async Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "restores")] HttpRequest request, CancellationToken cancellationToken)
    {
        VeleroRestore body = await RequestBody.ReadJsonAsync(request, Json.VeleroRestore, cancellationToken);
        Requests.CheckKind(body.ApiVersion, body.Kind, "Restore");
        VeleroRestore restore = await starter.StartAsync(body, cancellationToken);
        return new JsonResult<VeleroRestore>(restore, Json.VeleroRestore, StatusCodes.Status202Accepted);
    }

    [Function("ListRestores")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "restores")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(new VeleroListResult<VeleroRestore>("RestoreList", reader.ListAsync(cancellationToken).Select(Shown), Json.VeleroRestore));

    [Function("GetRestore")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "restores/{name}")] HttpRequest request, CancellationToken cancellationToken) =>
        new JsonResult<VeleroRestore>(await reader.GetAsync(RestoreName.Parse(Requests.Name(request)), cancellationToken), Json.VeleroRestore);

    [Function("CancelRestore")]
    public async Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "restores/{name}/cancel")] HttpRequest request, CancellationToken cancellationToken)
    {
        RestoreName name = RestoreName.Parse(Requests.Name(request));
        await dispatcher.CancelAsync(new RunId(RunKind.Restore, name.ToString()), cancellationToken);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    [Function("RemoveRestore")]
    public async Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = "restores/{name}")] HttpRequest request, CancellationToken cancellationToken)
    {
        await deleter.DeleteAsync(RestoreName.Parse(Requests.Name(request)), cancellationToken);
        return Results.NoContent();
    }

    private static VeleroRestore Shown(RestoreEntry entry) => entry.Restore ?? new VeleroRestore
    {
        Metadata = new ObjectMetadata { Name = entry.Name, Namespace = VeleroNames.DefaultNamespace },
        Status = new RestoreStatus
        {
            // Velero keeps no Restore object in the bucket: of its restores only name and files are known.
            Phase = entry.Problem is null ? null : RestorePhase.Failed,
            FailureReason = entry.Problem?.Message,
        },
    };
}
