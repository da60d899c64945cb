using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Work;

/// <summary>
/// The store's idea of the time. Ages of blobs are measured against it, because the clocks of two workers and of the store differ.
/// The difference is measured by putting a small blob, and again each hour.
/// </summary>
public sealed class StoreClock(IBlobStore store, WorkerId worker, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private long measuredAt;      // guarded by gate; a timestamp of the time provider
    private TimeSpan? difference; // guarded by gate; store's clock minus ours

    /// <summary>Now, by the store's clock, to about the duration of one request.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (difference is null || time.GetElapsedTime(measuredAt) > MeasureEvery)
            {
                difference = await MeasureAsync(cancellationToken);
                measuredAt = time.GetTimestamp();
            }

            return time.GetUtcNow() + difference.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<TimeSpan> MeasureAsync(CancellationToken cancellationToken)
    {
        BlobName name = BlobName.Parse($"metadata/backup-functions/clock/{worker}");
        await store.PutAsync(name, ReadOnlyMemory<byte>.Empty, PutCondition.Always, cancellationToken);
        DateTimeOffset ours = time.GetUtcNow();
        BlobInfo? info = await store.TryGetInfoAsync(name, cancellationToken);
        await store.DeleteAsync(name, cancellationToken);

        // Nothing found means that a cleaner was faster; the clocks are then taken as equal until the next measurement.
        return info is null ? TimeSpan.Zero : info.LastModified - ours;
    }
}
