using System.Text;
using System.Text.Json;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// The blobs of a run that exactly one writer may write: its plan, the result of each item, the sending of each stage. Works, more
/// slowly, on stores without conditional writes, too.
/// </summary>
internal sealed class RunClaims(IBlobStore store, IReadOnlyDictionary<RunKind, IRunExecutor> executors, WorkerId worker, TimeProvider time)
{
    private readonly ClaimWriter claims = new(store, new ClaimOptions(), time);

    /// <summary>Claims the run. False when somebody else holds the claim.</summary>
    public async Task<bool> TryClaimAsync(Plan plan, CancellationToken cancellationToken)
    {
        // The marker goes first: a marker without a plan is swept away, a plan without a marker would never be looked after.
        await store.PutAsync(plan.Id.Marker, ReadOnlyMemory<byte>.Empty, PutCondition.Always, cancellationToken);
        return await claims.TryClaimAsync(plan.Id.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, WorkJsonContext.Default.Plan), cancellationToken);
    }

    /// <summary>
    /// Writes the result of an item. False when another worker's result is there already, or when the run has ended: then it is not
    /// known whether this result counted, because the run may have ended with it.
    /// </summary>
    public Task<bool> TryWriteResultAsync(RunId run, ItemResult result, CancellationToken cancellationToken) =>
        TryClaimWithinAsync(run, run.Result(result.Item), JsonSerializer.SerializeToUtf8Bytes(result, WorkJsonContext.Default.ItemResult), cancellationToken);

    /// <summary>Claims the sending of a stage's messages. False when they were sent (or are being sent) by somebody, or the run has ended.</summary>
    public Task<bool> TryClaimStageAsync(RunId run, int stage, CancellationToken cancellationToken) =>
        TryClaimWithinAsync(run, run.Stage(stage), Encoding.ASCII.GetBytes(worker.ToString()), cancellationToken);

    /// <summary>Whether the run has ended, so that what its folder lacks may have been cleared away. Looked at after the folder, this decides.</summary>
    public async Task<bool> IsOverAsync(RunId run, CancellationToken cancellationToken) =>
        await executors[run.Kind].IsPublishedAsync(run.Name, cancellationToken) || await store.TryGetInfoAsync(run.Plan, cancellationToken) is null;

    private async Task<bool> TryClaimWithinAsync(RunId run, BlobName name, byte[] content, CancellationToken cancellationToken)
    {
        if (!await claims.TryClaimAsync(name, content, cancellationToken))
        {
            return false;
        }

        if (!await IsOverAsync(run, cancellationToken))
        {
            return true;
        }

        // The run's folder was cleared before or after the put; in the first case nobody else would clear this away.
        await store.DeleteAsync(name, cancellationToken);
        return false;
    }
}
