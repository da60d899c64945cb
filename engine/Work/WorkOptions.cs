namespace BackupFunctions.Engine.Work;

/// <summary>Times of the fan-out protocol.</summary>
public sealed record WorkOptions
{
    /// <summary>How often a worker writes its item's progress and looks whether the run was cancelled. Default 15 s; 100 ms to 1 min.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after its last sign of life an item counts as left alone: its message is sent again, and another worker may take it.
    /// Default 3 min; at least three progress intervals.
    /// </summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Longest pause between two sendings of the same message while it merely waits for a free worker. Default 6 h.</summary>
    public TimeSpan MaxResendPause { get; init; } = TimeSpan.FromHours(6);

    /// <summary>
    /// How many workers may die of one item (out of memory, say) before it is given up with a failed result. Default 5; at least 1.
    /// </summary>
    public int MaxWorkerDeaths { get; init; } = 5;

    /// <summary>How many results are read at a time. Default 16.</summary>
    public int ReadConcurrency { get; init; } = 16;

    /// <summary>All problems of these settings, for people; empty when they are sound.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (ProgressInterval < TimeSpan.FromMilliseconds(100) || ProgressInterval > TimeSpan.FromMinutes(1))
        {
            problems.Add($"The progress interval is {ProgressInterval}; it must lie between 100 ms and 1 min.");
        }

        if (StallAfter < 3 * ProgressInterval)
        {
            problems.Add($"The stall time is {StallAfter}; it must be at least three progress intervals ({3 * ProgressInterval}).");
        }

        return problems;
    }
}
