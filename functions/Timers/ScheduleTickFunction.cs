using BackupFunctions.App.Hosting;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Timers;

/// <summary>Each minute: starts the backups that are due, and takes care that no run stays unfinished.</summary>
internal sealed class ScheduleTickFunction(ScheduleRunner schedules, WorkDispatcher dispatcher)
{
    [Function("ScheduleTick")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await schedules.TickAsync(cancellationToken);
        await dispatcher.SweepAsync(cancellationToken);
    }
}
