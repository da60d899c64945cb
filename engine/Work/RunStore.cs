using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Work;

/// <summary>The state of unfinished runs in the bucket: plans, results, progress, cancellation. What only one may write is in <see cref="RunClaims"/>.</summary>
public sealed class RunStore(IBlobStore store)
{
    // A plan of 10,000 namespaces and 30,000 volumes takes about 8 MiB; anything far beyond is not ours.
    private const int MaxJsonBytes = 256 << 20;
    private static readonly byte[] Empty = [];

    public async Task<Plan?> TryReadPlanAsync(RunId run, CancellationToken cancellationToken)
    {
        Plan? plan = await TryReadAsync(run.Plan, WorkJsonContext.Default.Plan, cancellationToken);
        if (plan is { Version: not 1 })
        {
            throw new BackupException(ErrorKind.Unsupported, $"The plan of {run} has version {plan.Version}.", "Update this worker to the version that wrote the plan.");
        }

        return plan;
    }

    /// <summary>When the store took the plan; null when there is none.</summary>
    public async Task<DateTimeOffset?> PlanWrittenAtAsync(RunId run, CancellationToken cancellationToken) =>
        (await store.TryGetInfoAsync(run.Plan, cancellationToken))?.LastModified;

    public Task<ItemResult?> TryReadResultAsync(RunId run, string item, CancellationToken cancellationToken) =>
        TryReadAsync(run.Result(item), WorkJsonContext.Default.ItemResult, cancellationToken);

    public async Task<bool> HasResultAsync(RunId run, string item, CancellationToken cancellationToken) =>
        await store.TryGetInfoAsync(run.Result(item), cancellationToken) is not null;

    /// <summary>Ids of the items that have a result, from names alone.</summary>
    public async Task<HashSet<string>> ListFinishedItemsAsync(RunId run, CancellationToken cancellationToken)
    {
        HashSet<string> finished = [];
        await foreach (BlobInfo info in store.ListAsync(run.ResultsPrefix, cancellationToken))
        {
            string name = info.Name.ToString();
            finished.Add(name[run.ResultsPrefix.Length..^".json".Length]);
        }

        return finished;
    }

    /// <summary>The results of the given items, in their order; a missing one is an error, because callers ask when all are there.</summary>
    public async Task<IReadOnlyList<ItemResult>> ReadResultsAsync(RunId run, IReadOnlyList<PlanItem> items, int concurrency, CancellationToken cancellationToken)
    {
        ItemResult[] results = new ItemResult[items.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (index, token) => results[index] = await TryReadResultAsync(run, items[index].Id, token)
                ?? throw new BackupException(ErrorKind.NotFound, $"The result of item {items[index].Id} of {run} is gone.", "The run was probably finished or deleted by another worker."));
        return results;
    }

    public Task WriteProgressAsync(RunId run, string item, ItemProgress progress, CancellationToken cancellationToken) =>
        store.PutAsync(run.Progress(item), Serialize(progress, WorkJsonContext.Default.ItemProgress), PutCondition.Always, cancellationToken);

    /// <summary>Says that nobody is at the item.</summary>
    public Task RemoveProgressAsync(RunId run, string item, CancellationToken cancellationToken) =>
        store.DeleteAsync(run.Progress(item), cancellationToken);

    /// <summary>The newest progress of an item and when the store took it, or null.</summary>
    public async Task<(ItemProgress Progress, DateTimeOffset At)?> TryReadProgressAsync(RunId run, string item, CancellationToken cancellationToken)
    {
        BlobInfo? info = await store.TryGetInfoAsync(run.Progress(item), cancellationToken);
        ItemProgress? progress = info is null ? null : await TryReadAsync(run.Progress(item), WorkJsonContext.Default.ItemProgress, cancellationToken);
        return progress is null ? null : (progress, info!.LastModified); // progress is only read when info is there
    }

    public Task CancelAsync(RunId run, CancellationToken cancellationToken) =>
        store.PutAsync(run.Cancelled, Empty, PutCondition.Always, cancellationToken);

    public async Task<bool> IsCancelledAsync(RunId run, CancellationToken cancellationToken) =>
        await store.TryGetInfoAsync(run.Cancelled, cancellationToken) is not null;

    /// <summary>Whether work on the run is no longer wanted: it was cancelled, or it is over and its plan gone.</summary>
    public async Task<bool> IsStoppedAsync(RunId run, CancellationToken cancellationToken) =>
        await IsCancelledAsync(run, cancellationToken) || await PlanWrittenAtAsync(run, cancellationToken) is null;

    /// <summary>When the messages of a stage were first sent, by the store's clock; null when not yet.</summary>
    public async Task<DateTimeOffset?> StageSentAtAsync(RunId run, int stage, CancellationToken cancellationToken) =>
        (await store.TryGetInfoAsync(run.Stage(stage), cancellationToken))?.LastModified;

    /// <summary>How often and when last the message of an item was sent again.</summary>
    public async Task<(ResentNote Note, DateTimeOffset? At)> ReadResentAsync(RunId run, string item, CancellationToken cancellationToken)
    {
        BlobInfo? info = await store.TryGetInfoAsync(run.Resent(item), cancellationToken);
        ResentNote? note = info is null ? null : await TryReadAsync(run.Resent(item), WorkJsonContext.Default.ResentNote, cancellationToken);
        return (note ?? new ResentNote(0, 0), info?.LastModified);
    }

    public Task WriteResentAsync(RunId run, string item, ResentNote note, CancellationToken cancellationToken) =>
        store.PutAsync(run.Resent(item), Serialize(note, WorkJsonContext.Default.ResentNote), PutCondition.Always, cancellationToken);

    /// <summary>Removes what an attempt at an item wrote, whose result does not count.</summary>
    public async Task RemovePartsAsync(RunId run, string item, AttemptId attempt, CancellationToken cancellationToken)
    {
        await foreach (BlobInfo info in store.ListAsync(run.PartPrefix(item, attempt), cancellationToken))
        {
            await store.DeleteAsync(info.Name, cancellationToken);
        }
    }

    /// <summary>Runs that have a marker: unfinished ones, and the leftovers of finished ones.</summary>
    public async IAsyncEnumerable<(RunId Run, DateTimeOffset MarkedAt)> ListMarkedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobInfo info in store.ListAsync(RunId.MarkerPrefix, cancellationToken))
        {
            if (RunId.TryParseMarker(info.Name, out RunId run))
            {
                yield return (run, info.LastModified);
            }
        }
    }

    /// <summary>
    /// Removes everything in the run's work folder, the plan last, then its marker. May be repeated after a crash. What a worker
    /// that had not noticed the end wrote meanwhile goes too; one that writes later finds no plan and clears up after itself.
    /// </summary>
    public async Task RemoveWorkAsync(RunId run, CancellationToken cancellationToken)
    {
        await RemoveAllButPlanAsync(run, cancellationToken);
        await store.DeleteAsync(run.Plan, cancellationToken);
        await RemoveAllButPlanAsync(run, cancellationToken);
        await store.DeleteAsync(run.Marker, cancellationToken);
    }

    private async Task RemoveAllButPlanAsync(RunId run, CancellationToken cancellationToken)
    {
        await foreach (BlobInfo info in store.ListAsync(run.WorkPrefix, cancellationToken))
        {
            if (info.Name != run.Plan)
            {
                await store.DeleteAsync(info.Name, cancellationToken);
            }
        }
    }

    public Task RemoveMarkerAsync(RunId run, CancellationToken cancellationToken) => store.DeleteAsync(run.Marker, cancellationToken);

    private static byte[] Serialize<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private async Task<T?> TryReadAsync<T>(BlobName name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        BlobInfo? info = await store.TryGetInfoAsync(name, cancellationToken);
        if (info is null)
        {
            return null;
        }

        if (info.LengthBytes > MaxJsonBytes)
        {
            throw new BackupException(ErrorKind.Corrupt, $"{name} is {info.LengthBytes} bytes long, which no state of a run is.", "Look at what wrote it, and remove the work folder of this run.");
        }

        try
        {
            await using Stream stream = await store.OpenReadAsync(name, range: null, cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken)
                ?? throw new JsonException("null");
        }
        catch (BackupException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null; // removed between the two requests: the run was finished meanwhile
        }
        catch (JsonException e)
        {
            throw new BackupException(ErrorKind.Corrupt, $"{name} in {store.DisplayName} is not valid: {e.Message}", "Look at what wrote it, and remove the work folder of this run.", e);
        }
    }
}
