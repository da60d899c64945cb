namespace BackupFunctions.App.Hosting.Queues;

/// <summary>How messages are taken and kept.</summary>
internal sealed record PumpOptions
{
    /// <summary>Messages of one function that are worked on at the same time. Default 2; 1 to 32.</summary>
    public int Concurrency { get; init; } = 2;

    /// <summary>How long a taken message stays hidden; renewed after a third of it. Default 5 min; 1 s to 7 days.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause before a failed message is tried again; three times longer with each failure, at most <see cref="MaxRetryDelay"/>. Default 5 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 5 min.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts before a message goes to the poison queue. Default 5; 1 or more.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>First pause after an empty queue; doubles up to the maximum. Default 100 ms.</summary>
    public TimeSpan MinPollingInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between two looks into an empty queue. Default 10 s.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running work may go on after a stop was asked for. Default 20 s.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The pause after the given attempt failed.</summary>
    public TimeSpan RetryDelayAfter(int attempt)
    {
        double factor = Math.Pow(3, Math.Clamp(attempt - 1, 0, 20));
        double ticks = Math.Min(RetryDelay.Ticks * factor, MaxRetryDelay.Ticks);
        return TimeSpan.FromTicks((long)ticks);
    }
}
