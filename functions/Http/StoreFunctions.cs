using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.App.Http;

/// <summary>Whether the store can do what a backup needs of it; and which version of the app answers.</summary>
internal sealed class StoreFunctions(IBlobStore store, TimeProvider time)
{
    private readonly string version = typeof(StoreFunctions).Assembly.GetName().Version?.ToString(3) ?? "";

    [Function("CheckStore")]
    public async Task<IResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "store/check")] HttpRequest request, CancellationToken cancellationToken)
    {
        StoreCheckReport report = await new StoreCheck(store, time).RunAsync(cancellationToken);
        return new JsonResult<StoreCheckAnswer>(StoreCheckAnswer.Of(report), AppJsonContext.Default.StoreCheckAnswer);
    }

    [Function("Version")]
    public Task<IResult> VersionAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "version")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(new JsonResult<VersionAnswer>(new VersionAnswer(version), AppJsonContext.Default.VersionAnswer));
}
