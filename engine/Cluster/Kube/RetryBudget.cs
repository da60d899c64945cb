using System.Security.Cryptography;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>The attempts of one call: how long to wait before the next, and when to give up.</summary>
internal sealed class RetryBudget(KubeOptions options, TimeProvider time)
{
    private long _start = time.GetTimestamp();
    private int _attempts;

    /// <summary>Something was achieved: the time begins anew.</summary>
    public void Reset() => (_start, _attempts) = (time.GetTimestamp(), 0);

    /// <summary>Waits until the next attempt is due. False, at once, when there is to be none.</summary>
    public async Task<bool> WaitAsync(KubeFailure failure, bool isRead, CancellationToken cancellationToken)
    {
        bool allowed = failure.Retry is KubeRetry.Always or KubeRetry.Unreachable || (failure.Retry == KubeRetry.Reads && isRead);
        TimeSpan limit = failure.Retry == KubeRetry.Unreachable ? options.UnreachableRetryLimit : options.RetryLimit;
        TimeSpan delay = failure.RetryAfter ?? NextDelay();
        if (!allowed || time.GetElapsedTime(_start) + delay > limit)
        {
            return false;
        }

        _attempts++;
        await Task.Delay(delay, time, cancellationToken);
        return true;
    }

    /// <summary>Doubled each time, and shortened by up to a half at random, so that many clients do not come back at once.</summary>
    private TimeSpan NextDelay()
    {
        const int Percent = 100;
        double factor = Math.Min(Math.Pow(2, Math.Min(_attempts, 30)), options.MaxDelay / options.FirstDelay);
        return options.FirstDelay * factor * (RandomNumberGenerator.GetInt32(Percent / 2, Percent + 1) / (double)Percent);
    }
}
