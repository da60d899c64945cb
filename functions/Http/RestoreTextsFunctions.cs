using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Restores;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Http;

/// <summary>What people read of a restore: log, description, and how far its items are.</summary>
internal sealed class RestoreTextsFunctions(RestoreReader reader)
{
    [Function("RestoreLogs")]
    public async Task<IResult> LogsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "restores/{name}/logs")] HttpRequest request, CancellationToken cancellationToken)
    {
        RestoreName name = RestoreName.Parse(Requests.Name(request));
        if (await reader.TryReadStatesAsync(name, cancellationToken) is not null)
        {
            throw new BackupException(ErrorKind.Conflict, $"The log of restore {name} is written at its end.", "Wait for it.");
        }

        Stream log = await reader.Catalog.TryOpenLogAsync(name, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"There is no log of a restore {name}.", "List the restores with: backupctl restore get");
        return Results.Stream(log, "text/plain; charset=utf-8");
    }

    [Function("DescribeRestore")]
    public async Task<IResult> DescribeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "restores/{name}/describe")] HttpRequest request, CancellationToken cancellationToken)
    {
        RestoreName name = RestoreName.Parse(Requests.Name(request));
        VeleroRestore restore = await reader.GetAsync(name, cancellationToken);
        RestoreDetails details = RestorePhase.IsFinished(restore.Status.Phase)
            ? await reader.Catalog.ReadDetailsAsync(name, cancellationToken)
            : new RestoreDetails { Restore = restore };
        using StringWriter text = new() { NewLine = "\n" };
        RestoreDescription.Write(text, details, Requests.Flag(request, "details"));
        return Results.Text(text.ToString());
    }

    [Function("RestoreItems")]
    public async Task<IResult> ItemsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "restores/{name}/items")] HttpRequest request, CancellationToken cancellationToken)
    {
        RestoreName name = RestoreName.Parse(Requests.Name(request));
        IReadOnlyList<ItemState> states = await reader.TryReadStatesAsync(name, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"No restore {name} is under way.", "What has ended is shown by its description.");
        return new JsonResult<RunItems>(RunItems.Of(states), AppJsonContext.Default.RunItems);
    }
}
