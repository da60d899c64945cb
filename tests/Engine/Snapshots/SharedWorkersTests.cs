using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class SharedWorkersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_failure_is_told_though_others_notice_the_stop_before(bool isOfFurtherWorkers)
    {
        using SharedWorkers workers = new(3, CancellationToken.None);
        using SharedWorkers further = new(3, workers);
        SharedWorkers failing = isOfFurtherWorkers ? further : workers;

        BackupException told = await Assert.ThrowsAsync<BackupException>(() => workers.RunAsync(async () =>
        {
            await using OrderedWork<int> work = new(failing, static _ => { }, maxPending: 10);
            await work.AddAsync(async () =>
            {
                await Task.Delay(Timeout.Infinite, failing.Token);
                return 1;
            });
            await work.AddAsync(static () => throw new BackupException(ErrorKind.Unavailable, "the reason", ""));
            await work.FinishAsync(); // meets the first, which was stopped
            return 0;
        }));

        Assert.Equal("the reason", told.Message);
    }
}
