using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Http;

/// <summary>Backups as a resource: make, list, show, cancel, delete.</summary>
internal sealed class BackupsFunctions(BackupStarter starter, BackupReader reader, BackupDeleter deleter, WorkDispatcher dispatcher, IWorkQueue queue)
{
    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    [Function("CreateBackup")]
    public async Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "backups")] HttpRequest request, CancellationToken cancellationToken)
    {
        VeleroBackup body = await RequestBody.ReadJsonAsync(request, Json.VeleroBackup, cancellationToken);
        Requests.CheckKind(body.ApiVersion, body.Kind, "Backup");
        VeleroBackup backup = await starter.StartAsync(body, strict: true, cancellationToken);
        return new JsonResult<VeleroBackup>(backup, Json.VeleroBackup, StatusCodes.Status202Accepted);
    }

    [Function("ListBackups")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(new VeleroListResult<VeleroBackup>("BackupList", reader.ListAsync(cancellationToken).Select(Shown), Json.VeleroBackup));

    [Function("GetBackup")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups/{name}")] HttpRequest request, CancellationToken cancellationToken) =>
        new JsonResult<VeleroBackup>(await reader.GetAsync(BackupName.Parse(Requests.Name(request)), cancellationToken), Json.VeleroBackup);

    [Function("CancelBackup")]
    public async Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "backups/{name}/cancel")] HttpRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(Requests.Name(request));
        await dispatcher.CancelAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    [Function("RemoveBackup")]
    public async Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = "backups/{name}")] HttpRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(Requests.Name(request));
        await deleter.CheckAsync(name, cancellationToken);
        await queue.SendAsync(QueueName.Maintenance, DeletionRequest.Message(name), cancellationToken);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static VeleroBackup Shown(BackupEntry entry) => entry.Backup ?? new VeleroBackup
    {
        Metadata = new ObjectMetadata { Name = entry.Name, Namespace = VeleroNames.DefaultNamespace },
        Status = new BackupStatus { Phase = BackupPhase.Failed, FailureReason = entry.Problem?.Message },
    };
}
