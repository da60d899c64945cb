using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Backups;

/// <summary>Discovery for many items of one run: asked again after a minute, so that new types are soon seen.</summary>
internal sealed class DiscoveryCache(ICluster cluster, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private ApiDiscovery? known; // guarded by gate
    private long knownAt;        // guarded by gate

    public async Task<ApiDiscovery> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (known is null || time.GetElapsedTime(knownAt) > Lifetime)
            {
                known = await cluster.DiscoverAsync(cancellationToken);
                knownAt = time.GetTimestamp();
            }

            return known;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}
