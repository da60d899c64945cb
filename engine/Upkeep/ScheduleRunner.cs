using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Work;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>Starts the backups of schedules: those that are due, and one at once by request.</summary>
public sealed class ScheduleRunner(ScheduleCatalog schedules, RunReader runs, BackupStarter starter, TimeProvider time, ILogger logger)
{
    /// <summary>Starts what is due. To be called each minute, by any number of processes: each due time makes one backup.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        HashSet<string>? busy = null; // asked for only when something is due
        foreach (string name in await schedules.ListNamesAsync(cancellationToken))
        {
            try
            {
                if (await schedules.TryGetAsync(name, cancellationToken) is not { } schedule)
                {
                    continue; // deleted meanwhile
                }

                if (schedule.Metadata.CreationTimestamp is null)
                {
                    await schedules.NoteFirstSightAsync(schedule, cancellationToken);
                    continue;
                }

                if (schedule.Spec.SkipImmediately == true && schedule.Status.LastSkipped is null)
                {
                    await schedules.WriteStateAsync(schedule.Name, schedule.Status with { LastSkipped = time.GetUtcNow() }, cancellationToken);
                    continue;
                }

                if (ScheduleDueTime.Of(schedule, time.GetUtcNow()) is { } due)
                {
                    busy ??= await BusySchedulesAsync(cancellationToken);
                    await StartDueAsync(schedule, due, busy, cancellationToken);
                }
            }
            catch (BackupException e)
            {
                // One schedule must not keep the others from running; this one is tried again in a minute.
                Log.ScheduleFailed(logger, name, $"{e.Message} {e.Remedy}");
            }
        }
    }

    /// <summary>Starts a backup of the schedule now, whether it is due or not, paused or not.</summary>
    public async Task<VeleroBackup> RunNowAsync(string name, CancellationToken cancellationToken)
    {
        VeleroSchedule schedule = await schedules.GetAsync(name, cancellationToken);
        VeleroBackup request = ScheduleDueTime.Request(schedule, ScheduledBackupName.Of(schedule.Name, time.GetUtcNow()));
        return await starter.StartAsync(request, strict: false, cancellationToken);
    }

    private async Task StartDueAsync(VeleroSchedule schedule, DateTimeOffset due, HashSet<string> busy, CancellationToken cancellationToken)
    {
        BackupName name = ScheduledBackupName.Of(schedule.Name, due);
        if (busy.Contains(schedule.Name))
        {
            Log.ScheduleBusy(logger, schedule.Name, name);
            return;
        }

        try
        {
            await starter.StartAsync(ScheduleDueTime.Request(schedule, name), strict: false, cancellationToken);
            Log.ScheduleStarted(logger, schedule.Name, name);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            // Another process was quicker, or this one was killed before it could note the run.
        }

        await schedules.WriteStateAsync(schedule.Name, schedule.Status with { LastBackup = due }, cancellationToken);
    }

    /// <summary>Schedules that have a backup under way: Velero starts no second one beside it.</summary>
    private async Task<HashSet<string>> BusySchedulesAsync(CancellationToken cancellationToken)
    {
        HashSet<string> busy = new(StringComparer.Ordinal);
        await foreach (Plan plan in runs.ListAsync(RunKind.Backup, cancellationToken))
        {
            if (System.Text.Json.JsonSerializer.Deserialize(plan.Request, CatalogJsonContext.Default.VeleroBackup)?.ScheduleName is { } schedule)
            {
                busy.Add(schedule);
            }
        }

        return busy;
    }
}
