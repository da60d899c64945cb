using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Makes the locks of all blobs that are to be locked last for the repository's period from now on; those about to be deleted are gone already.</summary>
/// <param name="interval">Time between full runs.</param>
internal sealed class LockExtender(RetentionBlobStore store, TimeSpan interval)
{
    private const int Parallelism = 16;

    /// <summary>So much longer than the time between full runs Kopia wants locks to last, so that a late run comes in time (repo/maintenance/blob_retain.go).</summary>
    private static readonly TimeSpan LeastSlack = TimeSpan.FromDays(1);

    /// <summary>A blob whose lock is refused keeps none of the others from being locked.</summary>
    /// <exception cref="BackupException">AccessDenied: some could not be locked.</exception>
    public async Task<MaintenanceTaskReport> RunAsync(CancellationToken cancellationToken)
    {
        long count = 0, refused = 0;
        BackupException? first = null; // a bucket may refuse every one of its blobs: one is kept, the others are counted
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(store.ListAsync("", cancellationToken).Where(static blob => RetentionBlobStore.IsLocked(blob.Name)), parallel, async (blob, token) =>
        {
            try
            {
                await store.ExtendAsync(blob.Name, token);
                Interlocked.Increment(ref count);
            }
            catch (BackupException gone) when (gone.Kind == ErrorKind.NotFound)
            {
                // Somebody deleted it since it was listed.
            }
            catch (BackupException refusal) when (refusal.Kind == ErrorKind.AccessDenied)
            {
                Interlocked.Increment(ref refused);
                Interlocked.CompareExchange(ref first, refusal, null);
            }
        });
        if (first is not null)
        {
            throw new BackupException(first.Kind, $"the locks of {refused} blobs could not be made longer, of {count} they were: {first.Message}", first.Remedy, first);
        }

        return new MaintenanceTaskReport(TaskNames.ExtendRetention, [new("extendedBlob", count)])
        {
            Problems = store.Period - interval < LeastSlack
                ? [$"locks last {store.Period:c} and full maintenance comes each {interval:c}, so that a lock may end before the next one; it should last a day longer than that"]
                : [],
        };
    }
}
