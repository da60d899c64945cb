using BackupFunctions.Engine.Repository.Format;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>Makes the locks of all blobs that are to be locked last for the repository's period from now on; those about to be deleted are gone already.</summary>
internal static class LockExtender
{
    private const int Parallelism = 16;

    public static async Task<MaintenanceTaskReport> RunAsync(RetentionBlobStore store, CancellationToken cancellationToken)
    {
        long count = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(store.ListAsync("", cancellationToken), parallel, async (blob, token) =>
        {
            if (RetentionBlobStore.IsLocked(blob.Name))
            {
                await store.ExtendAsync(blob.Name, token);
                Interlocked.Increment(ref count);
            }
        });
        return new MaintenanceTaskReport(TaskNames.ExtendRetention, [new("extendedBlob", count)]);
    }
}
