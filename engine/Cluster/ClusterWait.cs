using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster;

/// <summary>Reads an object each second until it is as wanted.</summary>
internal static class ClusterWait
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Transient failures of a read count as one more round; the last of them is thrown when the time is over without any answer.</summary>
    public static async Task<(bool Met, KubeObject? Last)> UntilAsync(
        Func<CancellationToken, Task<KubeObject?>> read,
        Func<KubeObject?, bool> condition,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        KubeObject? last = null;
        bool answered = false;
        while (true)
        {
            BackupException? failure = null;
            try
            {
                last = await read(cancellationToken);
                answered = true;
                if (condition(last))
                {
                    return (true, last);
                }
            }
            catch (BackupException e) when (e.IsTransient)
            {
                failure = e;
            }

            TimeSpan rest = timeout - time.GetElapsedTime(start);
            if (rest <= TimeSpan.Zero)
            {
                return answered || failure is null ? (false, last) : throw failure;
            }

            await Task.Delay(rest < PollInterval ? rest : PollInterval, time, cancellationToken);
        }
    }
}
