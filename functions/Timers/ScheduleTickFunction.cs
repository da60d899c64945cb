using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Timers;

/// <summary>Each minute: starts the backups that are due, and takes care that no run stays unfinished.</summary>
internal sealed class ScheduleTickFunction(ScheduleTicker schedules, WorkDispatcher dispatcher, TimeProvider time, ILogger<ScheduleTickFunction> logger)
{
    [Function("ScheduleTick")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            foreach (ScheduleOutcome outcome in await schedules.TickAsync(time.GetUtcNow(), cancellationToken))
            {
                Tell(outcome);
            }
        }
        finally
        {
            // Whatever ails the schedules, the runs that exist are looked after.
            await dispatcher.SweepAsync(cancellationToken);
        }
    }

    private void Tell(ScheduleOutcome outcome)
    {
        switch (outcome.Result)
        {
            case TickResult.Started:
                Log.ScheduleStarted(logger, outcome.Schedule, outcome.Due, outcome.Backup);
                break;
            case TickResult.StillRunning:
                Log.ScheduleWaits(logger, outcome.Schedule, outcome.Due, outcome.Backup);
                break;
            case TickResult.Failed when outcome.Error is { } error:
                Log.ScheduleFailed(logger, outcome.Schedule, Failures.Text(error));
                break;
        }
    }
}
