using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.App.Http;

/// <summary>Whether store and queues answer; for probes, so without a key and without details of what is behind.</summary>
internal sealed class HealthFunction(IBlobStore store, IMessageQueue queue, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly BlobName Probe = BlobName.Parse("metadata/backup-functions/probe");

    [Function("Health")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "/healthz")] HttpRequest request, CancellationToken cancellationToken)
    {
        string?[] reasons = await Task.WhenAll(
            ReasonAsync("The object store", token => store.TryGetInfoAsync(Probe, token), cancellationToken),
            ReasonAsync("The queue server", queue.CheckAsync, cancellationToken));
        string failed = string.Join(" ", reasons.Where(reason => reason is not null));
        return failed.Length == 0
            ? Results.Text("ok\n")
            : new ProblemResult(ProblemTable.Of(ErrorKind.Unavailable, failed, "The log and `store check` say more."));
    }

    private async Task<string?> ReasonAsync(string what, Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Limit, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await check(linked.Token).WaitAsync(linked.Token);
            return null;
        }
        catch (BackupException e)
        {
            return $"{what} fails ({e.Kind}).";
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return $"{what} did not answer within {Limit.TotalSeconds} s.";
        }
    }
}
