using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Http;

/// <summary>What people read of a backup: log, description, and how far its items are.</summary>
internal sealed class BackupTextsFunctions(BackupReader reader)
{
    [Function("BackupLogs")]
    public async Task<IResult> LogsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups/{name}/logs")] HttpRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(Requests.Name(request));
        VeleroBackup backup = await reader.GetAsync(name, cancellationToken);
        if (BackupPhase.IsRunning(backup.Status.Phase))
        {
            throw new BackupException(ErrorKind.Conflict, $"The log of backup {name} is written at its end.", "Wait for it.");
        }

        Stream log = await reader.Catalog.TryOpenLogAsync(name, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"Backup {name} has no log.", "Its description says what is known of it.");
        return Results.Stream(log, "text/plain; charset=utf-8");
    }

    [Function("DescribeBackup")]
    public async Task<IResult> DescribeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups/{name}/describe")] HttpRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(Requests.Name(request));
        VeleroBackup backup = await reader.GetAsync(name, cancellationToken);
        BackupDetails details = BackupPhase.IsRunning(backup.Status.Phase)
            ? new BackupDetails { Backup = backup }
            : await reader.Catalog.ReadDetailsAsync(name, cancellationToken);
        using StringWriter text = new() { NewLine = "\n" };
        BackupDescription.Write(text, details, Requests.Flag(request, "details"));
        return Results.Text(text.ToString());
    }

    [Function("BackupItems")]
    public async Task<IResult> ItemsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups/{name}/items")] HttpRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(Requests.Name(request));
        IReadOnlyList<ItemState> states = await reader.TryReadStatesAsync(name, cancellationToken)
            ?? throw new BackupException(ErrorKind.NotFound, $"No backup {name} is under way.", "What has ended is shown by its description.");
        return new JsonResult<RunItems>(RunItems.Of(states), AppJsonContext.Default.RunItems);
    }
}
