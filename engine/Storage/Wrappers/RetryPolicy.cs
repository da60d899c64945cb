using System.Security.Cryptography;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Storage.Wrappers;

/// <summary>Repeats what failed transiently, after waits that double and have a random part, so that many workers do not come back at once.</summary>
internal sealed class RetryPolicy(BlobStoreOptions options, TimeProvider time)
{
    internal async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Attempts attempts = Start();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call(cancellationToken);
            }
            catch (BackupException error) when (error.IsTransient && !cancellationToken.IsCancellationRequested && attempts.MayGoOn())
            {
                options.Repeated?.Report(error);
                await attempts.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Counts the attempts of one call, or of one stream's reading.</summary>
    internal Attempts Start() => new(options, time);

    internal sealed class Attempts(BlobStoreOptions options, TimeProvider time)
    {
        private long started = time.GetTimestamp();
        private int failed;

        /// <summary>To be asked once after each failed attempt.</summary>
        internal bool MayGoOn()
        {
            failed++;
            return failed < options.MaxAttempts && time.GetElapsedTime(started) < options.MaxTotalTime;
        }

        internal Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(NextDelay(), time, cancellationToken);

        /// <summary>Something came through: the next failure is a first one again.</summary>
        internal void Succeeded()
        {
            failed = 0;
            started = time.GetTimestamp();
        }

        private TimeSpan NextDelay()
        {
            const int MostDoublings = 30;
            const int Half = 500;
            double full = options.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failed - 1, MostDoublings));
            full = Math.Min(full, options.LongestDelay.TotalMilliseconds);
            double share = 1 - (RandomNumberGenerator.GetInt32(Half) / 1000.0);
            return TimeSpan.FromMilliseconds(full * share);
        }
    }
}
