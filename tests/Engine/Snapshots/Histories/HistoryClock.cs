namespace BackupFunctions.Tests.Engine.Snapshots.Histories;

/// <summary>
/// The clock of a history, for the store too: it stands still until the history moves it. Short waits (a pause before another
/// attempt) are over at once; long ones (the next checkpoint) never, since no step of a history takes that long.
/// </summary>
internal sealed class HistoryClock : TimeProvider
{
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < LongWait && dueTime >= TimeSpan.Zero ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
