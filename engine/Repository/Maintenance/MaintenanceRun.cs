using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Repository.Maintenance;

/// <summary>
/// One run: the tasks of a mode in their order, each recorded in the schedule when it has ended. A run may die at any moment; the next one
/// begins anew, and finds done what was done.
/// </summary>
internal sealed class MaintenanceRun(KopiaRepository repository, ScheduleStore schedules, MaintenanceParameters parameters, SafetyMargins margins)
{
    private static readonly string[] AllPacks = ["p", "q"];
    private static readonly string[] MetadataPacks = ["q"];

    private readonly List<MaintenanceTaskReport> _reports = [];
    private DateTimeOffset _start;
    private MaintenanceSchedule _before = new();
    private MaintenanceSchedule _schedule = new();

    private bool HasEpochs => repository.Parameters.Epochs.Enabled;

    private UnixNanos Now => UnixNanos.From(repository.Time.GetUtcNow());

    public async Task<MaintenanceReport> RunAsync(MaintenanceMode mode, Func<UsedContents, CancellationToken, Task> markUsed, CancellationToken cancellationToken)
    {
        await BeginAsync(mode, cancellationToken);
        try
        {
            await RunTasksAsync(mode, markUsed, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await StayDueAsync();
            throw;
        }

        return new MaintenanceReport(mode, _reports);
    }

    private async Task RunTasksAsync(MaintenanceMode mode, Func<UsedContents, CancellationToken, Task> markUsed, CancellationToken cancellationToken)
    {
        if (mode == MaintenanceMode.Full)
        {
            await RunFullAsync(markUsed, cancellationToken);
        }
        else if (HasEpochs)
        {
            EpochMaintenance epochs = new(repository, margins);
            await DoAsync(TaskNames.CompactEpoch, epochs.CompactEpochsAsync, cancellationToken);
            await DoAsync(TaskNames.AdvanceEpoch, epochs.AdvanceAsync, cancellationToken);
        }
        else
        {
            await RunQuickOldAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Puts the schedule first: it keeps others from beginning the same, and the store's time of it is the time by which ages are
    /// measured from here on.
    /// </summary>
    private async Task BeginAsync(MaintenanceMode mode, CancellationToken cancellationToken)
    {
        _before = await schedules.LoadAsync(cancellationToken);
        _schedule = MaintenanceRules.Begun(parameters, _before, mode, Now);
        await schedules.SaveAsync(_schedule, cancellationToken);
        _start = await schedules.SavedAtAsync(cancellationToken);
        TimeSpan skew = (_start - repository.Time.GetUtcNow()).Duration();
        if (skew > MaintenanceRules.MaxClockSkew)
        {
            throw new BackupException(
                ErrorKind.Conflict,
                $"the clock of {repository.Store.DisplayName} and the one here differ by {skew:c}, so that nobody can tell what is old enough to be deleted",
                $"Set the clocks right; they may differ by {MaintenanceRules.MaxClockSkew:c}.");
        }

        await repository.RefreshAsync(cancellationToken);
    }

    /// <summary>
    /// Takes the times back that the start of the run set: what was stopped is gone on with by whoever comes next, as when a worker is told to
    /// end. A worker that is killed leaves them, so that what kills workers does not kill them all.
    /// </summary>
    private async Task StayDueAsync()
    {
        try
        {
            MaintenanceSchedule present = await schedules.LoadAsync(CancellationToken.None);
            if ((present.NextQuick, present.NextFull) == (_schedule.NextQuick, _schedule.NextFull)) // else another one has begun
            {
                await schedules.SaveAsync(present with { NextQuick = _before.NextQuick, NextFull = _before.NextFull }, CancellationToken.None);
            }
        }
        catch (BackupException)
        {
            // Then it is due again when the start of the run said; being stopped is what has to be told.
        }
    }

    private async Task RunFullAsync(Func<UsedContents, CancellationToken, Task> markUsed, CancellationToken cancellationToken)
    {
        GarbageCollector collector = new(repository, margins);
        await DoAsync(TaskNames.SnapshotGc, token => collector.RunAsync(_start, markUsed, token), cancellationToken);
        await RewriteAsync(isFull: true, cancellationToken);
        await DropDeletedAsync(collector.LatestMarkSeconds, cancellationToken);
        await DeletePacksAsync(isFull: true, cancellationToken);
        if (parameters.ExtendObjectLocks && repository.Store is RetentionBlobStore locking)
        {
            await DoAsync(TaskNames.ExtendRetention, new LockExtender(locking, parameters.Full.Interval).RunAsync, cancellationToken);
        }

        if (HasEpochs)
        {
            EpochMaintenance epochs = new(repository, margins);
            await DoAsync(TaskNames.CompactEpoch, epochs.CompactEpochsAsync, cancellationToken);
            await DoAsync(TaskNames.AdvanceEpoch, epochs.AdvanceAsync, cancellationToken);
            await DoAsync(TaskNames.EpochRange, epochs.CompactRangeAsync, cancellationToken);
            await DoAsync(TaskNames.CleanupEpochMarkers, epochs.DeleteMarkersAsync, cancellationToken);
            await DoAsync(TaskNames.DeleteSupersededIndexes, epochs.DeleteSupersededAsync, cancellationToken);
        }
        else
        {
            await DoAsync(TaskNames.IndexCompaction, new LegacyIndexMaintenance(repository, margins, _start).CompactAsync, cancellationToken);
        }

        await CleanLogsAsync(cancellationToken);
    }

    /// <summary>The quick run of repositories with the old index scheme.</summary>
    private async Task RunQuickOldAsync(CancellationToken cancellationToken)
    {
        await RewriteAsync(isFull: false, cancellationToken);

        // What a full rewrite left behind has to go by a full deletion, or the next quick rewrite would put that off.
        UnixNanos? full = _schedule.LastSuccess(TaskNames.FullRewriteContents);
        UnixNanos? quick = _schedule.LastSuccess(TaskNames.QuickRewriteContents);
        await DeletePacksAsync(isFull: full is { } last && (quick is not { } other || last > other), cancellationToken);
        await DoAsync(TaskNames.IndexCompaction, new LegacyIndexMaintenance(repository, margins, _start).CompactAsync, cancellationToken);
        await CleanLogsAsync(cancellationToken);
    }

    private Task RewriteAsync(bool isFull, CancellationToken cancellationToken)
    {
        string task = isFull ? TaskNames.FullRewriteContents : TaskNames.QuickRewriteContents;
        return MaintenanceRules.MayRewrite(_schedule, margins, isFull)
            ? DoAsync(task, (start, token) => new PackRewriter(repository, margins).RunAsync(task, onlyMetadata: !isFull, next => RecordMoveAsync(task, start, next), token), cancellationToken)
            : Skip(task, "packs that the last rewrite emptied are not deleted yet");
    }

    /// <summary>
    /// Notes a move as failed before contents are moved, so that one that is killed counts (M5). Its outcome takes this one's place.
    /// </summary>
    private Task RecordMoveAsync(string task, UnixNanos start, CancellationToken cancellationToken) =>
        RecordAsync(task, new RecordedRun { StartText = start.ToString(), EndText = Now.ToString(), Error = "it has not ended; the maintainer may have been killed" }, cancellationToken);

    private Task DropDeletedAsync(long latestMark, CancellationToken cancellationToken)
    {
        // Marks may lie a little ahead. One of a clock that is far ahead waits: what is marked before that time would be final at once, with all
        // safety too.
        long now = repository.Time.GetUtcNow().ToUnixTimeSeconds();
        long? second = margins.RequiresTwoCollections
            ? MaintenanceRules.SafeDropSecond(_schedule, margins)
            : Math.Clamp(latestMark, now, now + (long)MaintenanceRules.MaxClockSkew.TotalSeconds);
        if (second is not { } final)
        {
            return Skip(TaskNames.DropDeletedContents, "no two garbage collections are far enough apart");
        }

        return DoAsync(
            TaskNames.DropDeletedContents,
            token => HasEpochs ? new EpochMaintenance(repository, margins).DropDeletedAsync(final, token) : new LegacyIndexMaintenance(repository, margins, _start).DropDeletedAsync(final + 1, token),
            cancellationToken);
    }

    private Task DeletePacksAsync(bool isFull, CancellationToken cancellationToken)
    {
        string task = isFull ? TaskNames.FullDeleteBlobs : TaskNames.QuickDeleteBlobs;
        return MaintenanceRules.MayDeletePacks(_schedule, margins, Now)
            ? DoAsync(task, token => new PackDeleter(repository, margins).RunAsync(task, isFull ? AllPacks : MetadataPacks, _start, token), cancellationToken)
            : Skip(task, $"contents were moved less than {margins.RewriteToDeletion:c} ago");
    }

    private Task CleanLogsAsync(CancellationToken cancellationToken) =>
        DoAsync(TaskNames.CleanupLogs, token => LogCleaner.RunAsync(repository.Store, parameters.Logs, _start, token), cancellationToken);

    private Task Skip(string task, string reason)
    {
        _reports.Add(new MaintenanceTaskReport(task, []) { Skipped = reason });
        return Task.CompletedTask;
    }

    private Task DoAsync(string task, Func<CancellationToken, Task<MaintenanceTaskReport>> run, CancellationToken cancellationToken) =>
        DoAsync(task, (_, token) => run(token), cancellationToken);

    private async Task DoAsync(string task, Func<UnixNanos, CancellationToken, Task<MaintenanceTaskReport>> run, CancellationToken cancellationToken)
    {
        UnixNanos start = Now;
        try
        {
            MaintenanceTaskReport report = await run(start, cancellationToken);
            _reports.Add(report);
            if (report.Skipped is null)
            {
                await RecordAsync(task, new RecordedRun { StartText = start.ToString(), EndText = Now.ToString(), IsSuccess = true, Extra = RunStatistics.Of(report) }, cancellationToken);
            }
        }
        catch (BackupException failure)
        {
            await RecordFailureAsync(task, start, failure, cancellationToken);
            throw;
        }
    }

    private async Task RecordFailureAsync(string task, UnixNanos start, BackupException failure, CancellationToken cancellationToken)
    {
        try
        {
            await RecordAsync(task, new RecordedRun { StartText = start.ToString(), EndText = Now.ToString(), Error = failure.Message }, cancellationToken);
        }
        catch (BackupException unrecorded)
        {
            throw new BackupException(failure.Kind, $"{failure.Message} (and that could not be recorded: {unrecorded.Message})", failure.Remedy, failure);
        }
    }

    /// <summary>Adds to the schedule as it is now, so that nobody else's records are lost.</summary>
    private async Task RecordAsync(string task, RecordedRun run, CancellationToken cancellationToken)
    {
        _schedule = (await schedules.LoadAsync(cancellationToken)).With(task, run);
        await schedules.SaveAsync(_schedule, cancellationToken);
    }
}
