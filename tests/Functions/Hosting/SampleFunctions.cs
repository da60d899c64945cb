using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Tests.Functions.Hosting;

/// <summary>One function of each sort, to host.</summary>
internal sealed class SampleFunctions : IPoisonHandler
{
    /// <summary>The app's queue, for sending something to work on.</summary>
    public IWorkQueue Queue { get; set; } = null!; // set when the functions are made, before any test sends

    public int Ticks { get; private set; }

    public List<string> Deleted { get; } = [];

    public TaskCompletionSource Worked { get; } = new();

    [Function("WorkThings")]
    public async Task WorkAsync([QueueTrigger("things")] WorkMessage message, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Worked.TrySetResult();
    }

    public Task OnPoisonAsync(WorkMessage message, string reason, CancellationToken cancellationToken) => Task.CompletedTask;

    [Function("TickThings")]
    public Task TickAsync([TimerTrigger("* * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => Task.FromResult(++Ticks);

    [Function("DeleteThing")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Admin, "delete", Route = "things/{name}")] HttpRequest request, CancellationToken cancellationToken)
    {
        Deleted.Add((string)request.RouteValues["name"]!);
        return Task.FromResult(Results.Text("gone"));
    }

    [Function("GetThing")]
    public Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "things/{name}")] HttpRequest request, CancellationToken cancellationToken) =>
        throw new BackupException(ErrorKind.NotFound, $"There is no such thing; {Deleted.Count} are gone.", "Make one.");

    [Function("CreateThing")]
    public async Task<IResult> CreateAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "things")] HttpRequest request, CancellationToken cancellationToken) =>
        Results.Text($"{(await RequestBody.ReadJsonAsync(request, CatalogJsonContext.Default.VeleroBackup, cancellationToken)).Name} {Deleted.Count}");

    [Function("Fault")]
    public Task<IResult> FaultAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "fault")] HttpRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"inner details {Deleted.Count}");
}
