using System.Diagnostics;

namespace BackupFunctions.Bench;

/// <summary>
/// Times one operation at a time on one thread: a warm-up that also lets the compiler finish, then the best of many short
/// batches, which is the figure that other work on the machine disturbs least. Prints MB/s (10^6 bytes) and bytes allocated
/// per call.
/// </summary>
internal sealed class Measurement(TextWriter output, string filter)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan LeastBatch = TimeSpan.FromMicroseconds(50);

    public void Header() => output.WriteLine($"{"operation",-52} {"MB/s",8} {"us/call",10} {"alloc/call",10}");

    /// <summary>Measures an operation over <paramref name="bytesPerCall"/> bytes, if its name matches the filter.</summary>
    public void Run(string name, long bytesPerCall, Action operation)
    {
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }
        var calls = 0L;
        var start = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(start) < WarmUp; calls++)
        {
            operation();
        }
        var batch = Math.Max(1, (long)(calls * (LeastBatch / WarmUp)));
        var best = double.MaxValue;
        var batches = 0L;
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < Duration; batches++)
        {
            start = Stopwatch.GetTimestamp();
            for (var i = 0L; i < batch; i++)
            {
                operation();
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / batch);
        }
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore) / (batches * batch);
        output.WriteLine(FormattableString.Invariant($"{name,-52} {bytesPerCall / best / 1e6,8:F0} {best * 1e6,10:F1} {allocated,10}"));
    }
}
