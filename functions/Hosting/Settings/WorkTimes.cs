namespace BackupFunctions.App.Hosting.Settings;

/// <summary>Times of the fan-out protocol.</summary>
/// <param name="ProgressInterval">How often a worker gives a sign of life.</param>
/// <param name="StallAfter">When an item without a sign of life is taken over.</param>
internal sealed record WorkTimes(TimeSpan ProgressInterval, TimeSpan StallAfter)
{
    public WorkTimes()
        : this(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(3))
    {
    }
}
