using BackupFunctions.App.Hosting;
using BackupFunctions.App.Hosting.Timers;
using BackupFunctions.Tests.Time;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Timers;

public sealed class TimerHostTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ManualTimeProvider time = new();
    private readonly LogLines log = new();

    [Fact]
    public async Task A_timer_runs_at_its_times_and_goes_on_after_a_failure()
    {
        List<DateTimeOffset> dues = [];
        using SemaphoreSlim ran = new(0);
        using TimerHost host = Host((info, _) =>
        {
            dues.Add(info.Due);
            ran.Release();
            return dues.Count == 1 ? throw new IOException("broken") : Task.CompletedTask;
        });
        await host.StartAsync(CancellationToken.None);

        DateTimeOffset start = time.GetUtcNow();
        await AdvanceToNextAsync(ran);
        await AdvanceToNextAsync(ran);
        await host.StopAsync(CancellationToken.None);

        Assert.Equal([start.AddMinutes(1), start.AddMinutes(2)], dues);
        Assert.Equal(1, log.CountOf(200));
    }

    [Fact]
    public async Task A_timer_never_overlaps_itself_and_leaves_out_what_it_missed()
    {
        List<DateTimeOffset> dues = [];
        using SemaphoreSlim ran = new(0);
        TaskCompletionSource slow = new();
        using TimerHost host = Host(async (info, _) =>
        {
            dues.Add(info.Due);
            ran.Release();
            await slow.Task;
        });
        await host.StartAsync(CancellationToken.None);
        DateTimeOffset start = time.GetUtcNow();
        await AdvanceToNextAsync(ran);

        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(dues);
        slow.SetResult();
        await AdvanceToNextAsync(ran);
        await host.StopAsync(CancellationToken.None);

        Assert.Equal([start.AddMinutes(1), start.AddMinutes(7)], dues);
    }

    private TimerHost Host(Func<TimerInfo, CancellationToken, Task> run) => new(
        [new TimerFunction("Test", NCronTab.Parse("0 * * * * *"), run)],
        time,
        new Logger<TimerHost>(LoggerFactory.Create(logging => logging.AddProvider(log))));

    /// <summary>Moves the clock by a minute once the timer waits, and waits for its run.</summary>
    private async Task AdvanceToNextAsync(SemaphoreSlim ran)
    {
        using CancellationTokenSource limit = new(Limit);
        while (time.WaitingTimers == 0)
        {
            await Task.Delay(5, limit.Token);
        }

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await ran.WaitAsync(Limit));
    }
}
