using BackupFunctions.Engine.Backups;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Storage;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>
/// Starts the backups of schedules. Any number of tickers may run at once and be killed at any moment: a due time has one backup
/// name, and the claim of that name lets it be taken exactly once.
/// </summary>
public sealed class ScheduleTicker(ScheduleStore schedules, IBlobStore store, BackupStarter starter, TimeProvider time)
{
    /// <summary>
    /// How far ahead of the clock a remembered time may lie and still count. Clocks of workers differ and are set back by a little;
    /// what lies further ahead was written under a wrong clock, and must not stop the schedule for years.
    /// </summary>
    internal static readonly TimeSpan FutureTolerance = TimeSpan.FromDays(1);

    /// <summary>
    /// Looks at every schedule once and starts at most one backup for each: however many due times were missed, the newest counts. One
    /// that fails keeps no other from its turn. To be called about once a minute.
    /// </summary>
    /// <exception cref="BackupException">Unavailable, AccessDenied: the store cannot be listed.</exception>
    public async Task<IReadOnlyList<ScheduleOutcome>> TickAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        TickView view = new(store);
        List<ScheduleOutcome> outcomes = [];
        await foreach (ScheduleEntry entry in schedules.ListForTickAsync(cancellationToken))
        {
            try
            {
                outcomes.Add(entry is { Schedule: { } schedule, Problem: null }
                    ? await TickAsync(schedule, view, now, cancellationToken)
                    : new ScheduleOutcome(entry.Name, TickResult.Failed, null, null, entry.Problem));
            }
            catch (BackupException e)
            {
                outcomes.Add(new ScheduleOutcome(entry.Name, TickResult.Failed, null, null, e));
            }
        }

        return outcomes;
    }

    /// <summary>Takes a backup by the schedule now, paused or not; its due times are not touched by it.</summary>
    /// <returns>The Backup object in phase InProgress.</returns>
    /// <exception cref="BackupException">NotFound, AlreadyExists (one was started in this second), Unavailable.</exception>
    public async Task<VeleroBackup> RunNowAsync(string schedule, CancellationToken cancellationToken)
    {
        VeleroSchedule found = await schedules.GetSoundAsync(schedule, cancellationToken);
        return await starter.StartAsync(ScheduledBackup.Of(found, time.GetUtcNow()), strict: false, cancellationToken);
    }

    private async Task<ScheduleOutcome> TickAsync(VeleroSchedule schedule, TickView view, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ScheduleMemory memory = await RememberAsync(schedule, now, cancellationToken);
        if (schedule.Spec.Paused)
        {
            return new ScheduleOutcome(schedule.Name, TickResult.Paused, null, null, null);
        }

        // The cheap look first: most ticks end here without a listing of the backups.
        CronSchedule cron = CronSchedule.Parse(schedule.Spec.Schedule);
        DateTimeOffset limit = now + FutureTolerance;
        DateTimeOffset since = Base(schedule, memory, null, limit) ?? now;
        if (cron.LatestDueAtOrBefore(since, now) is null)
        {
            return new ScheduleOutcome(schedule.Name, TickResult.NotDue, null, null, null);
        }

        DateTimeOffset? newest = (await view.HistoryAsync(cancellationToken)).Newest(schedule.Name, limit);
        since = Base(schedule, memory, newest, limit) ?? now;
        if (cron.LatestDueAtOrBefore(since, now) is not { } due)
        {
            await RememberBackupAsync(schedule.Name, memory, newest, cancellationToken);
            return new ScheduleOutcome(schedule.Name, TickResult.NotDue, null, null, null);
        }

        if ((await view.RunningAsync(cancellationToken)).GetValueOrDefault(LabelValue.Of(schedule.Name)) is { } running)
        {
            return new ScheduleOutcome(schedule.Name, TickResult.StillRunning, due, running, null);
        }

        string backup = ScheduledBackupName.Of(schedule.Name, due).ToString();
        TickResult result = TickResult.Started;
        try
        {
            await starter.StartAsync(ScheduledBackup.Of(schedule, due), strict: false, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            result = TickResult.TakenAlready;
        }

        await RememberBackupAsync(schedule.Name, memory, due, cancellationToken);
        return new ScheduleOutcome(schedule.Name, result, due, backup, null);
    }

    /// <summary>
    /// From when on due times count. A lost memory does no harm: the newest backup's name tells, and without any backup the schedule
    /// counts as new.
    /// </summary>
    private static DateTimeOffset? Base(VeleroSchedule schedule, ScheduleMemory memory, DateTimeOffset? newest, DateTimeOffset limit)
    {
        DateTimeOffset?[] known = [memory.FirstSeen, memory.LastBackup, memory.LastSkipped, schedule.Status.LastSkipped, schedule.Metadata.CreationTimestamp, newest];
        return known.Where(moment => moment <= limit).Max();
    }

    /// <summary>Reads what is remembered of a schedule, or begins to remember; follows it into and out of a pause.</summary>
    private async Task<ScheduleMemory> RememberAsync(VeleroSchedule schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        bool isDamaged = false;
        ScheduleMemory? memory = null;
        try
        {
            memory = await schedules.Files.TryReadMemoryAsync(schedule.Name, cancellationToken);
        }
        catch (BackupException e) when (e.Kind == ErrorKind.Corrupt)
        {
            isDamaged = true; // as good as lost; what is written now takes its place
        }

        if (memory is null)
        {
            memory = await BeginAsync(schedule, now, cancellationToken);
            if (isDamaged)
            {
                await schedules.Files.WriteMemoryAsync(schedule.Name, memory, cancellationToken);
            }
            else if (!await schedules.Files.TryCreateMemoryAsync(schedule.Name, memory, cancellationToken))
            {
                // Of two tickers that see it first, one decides: the due times of @every count from here.
                memory = await schedules.Files.TryReadMemoryAsync(schedule.Name, cancellationToken) ?? memory;
            }
        }

        if (memory.FirstSeen is null || memory.FirstSeen > now + FutureTolerance)
        {
            memory = memory with { FirstSeen = now };
            await schedules.Files.WriteMemoryAsync(schedule.Name, memory, cancellationToken);
        }

        if (memory.WasPaused != schedule.Spec.Paused)
        {
            bool skips = !schedule.Spec.Paused && schedule.Spec.SkipImmediately == true;
            memory = memory with { WasPaused = schedule.Spec.Paused, LastSkipped = skips ? now : memory.LastSkipped };
            await schedules.Files.WriteMemoryAsync(schedule.Name, memory, cancellationToken);
        }

        return memory;
    }

    private async Task<ScheduleMemory> BeginAsync(VeleroSchedule schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // When backups of it exist its memory was lost, or Velero ran it before: their names say more than this moment.
        ScheduleHistory history = await ScheduleHistory.ReadAsync(store, cancellationToken);
        DateTimeOffset firstSeen = schedule.Metadata.CreationTimestamp is { } created && created <= now ? created : now;
        return new ScheduleMemory { FirstSeen = history.Newest(schedule.Name, now + FutureTolerance) ?? firstSeen, WasPaused = schedule.Spec.Paused };
    }

    private async Task RememberBackupAsync(string schedule, ScheduleMemory memory, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        if (due is not null && due != memory.LastBackup)
        {
            await schedules.Files.WriteMemoryAsync(schedule, memory with { LastBackup = due }, cancellationToken);
        }
    }
}
