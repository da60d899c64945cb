using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Maintenance;

public sealed class MaintenanceRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void M3_the_newest_of_the_collections_that_ended_early_enough_decides()
    {
        MaintenanceSchedule schedule = With(TaskNames.SnapshotGc, -30, -9, -5, -1, 0);

        Assert.Equal(Noon.AddHours(-5).AddHours(-1).ToUnixTimeSeconds(), MaintenanceRules.SafeDropSecond(schedule, SafetyMargins.Full));
    }

    [Fact]
    public void M3_collections_that_are_close_together_or_failed_make_nothing_final()
    {
        Assert.Null(MaintenanceRules.SafeDropSecond(With(TaskNames.SnapshotGc), SafetyMargins.Full));
        Assert.Null(MaintenanceRules.SafeDropSecond(With(TaskNames.SnapshotGc, 0), SafetyMargins.Full));
        Assert.Null(MaintenanceRules.SafeDropSecond(With(TaskNames.SnapshotGc, -4, -3, 0), SafetyMargins.Full));
        Assert.Null(MaintenanceRules.SafeDropSecond(With(TaskNames.SnapshotGc, 0).With(TaskNames.SnapshotGc, Run(-9) with { IsSuccess = false }), SafetyMargins.Full));
    }

    [Fact]
    public void M5_packs_are_not_deleted_within_an_hour_after_contents_were_moved()
    {
        MaintenanceSchedule schedule = With(TaskNames.FullRewriteContents, -0.9);

        Assert.False(MaintenanceRules.MayDeletePacks(schedule, SafetyMargins.Full, At(0)));
        Assert.True(MaintenanceRules.MayDeletePacks(schedule, SafetyMargins.Full, At(0.1)));
        Assert.True(MaintenanceRules.MayDeletePacks(schedule, SafetyMargins.None, At(0)));
    }

    [Fact]
    public void M5_a_move_that_failed_halfway_counts_as_one()
    {
        MaintenanceSchedule failed = With(TaskNames.FullRewriteContents, -9).With(TaskNames.FullRewriteContents, Run(-0.5) with { IsSuccess = false });

        Assert.False(MaintenanceRules.MayDeletePacks(failed, SafetyMargins.Full, At(0)));
        Assert.True(MaintenanceRules.MayDeletePacks(failed, SafetyMargins.Full, At(0.5)));
    }

    [Fact]
    public void M5_contents_are_moved_again_only_when_the_packs_of_the_last_time_are_gone()
    {
        MaintenanceSchedule moved = With(TaskNames.FullRewriteContents, -5);

        Assert.True(MaintenanceRules.MayRewrite(new MaintenanceSchedule(), SafetyMargins.Full, isFull: true));
        Assert.False(MaintenanceRules.MayRewrite(moved, SafetyMargins.Full, isFull: true));
        Assert.True(MaintenanceRules.MayRewrite(moved.With(TaskNames.FullDeleteBlobs, Run(-1)), SafetyMargins.Full, isFull: true));
        Assert.True(MaintenanceRules.MayRewrite(moved, SafetyMargins.None, isFull: true));
    }

    [Fact]
    public void A_task_keeps_its_fifty_newest_runs()
    {
        MaintenanceSchedule schedule = With(TaskNames.CleanupLogs, [.. Enumerable.Range(0, 60).Select(static hour => (double)hour)]);

        Assert.Equal(MaintenanceSchedule.MaxRuns, schedule.RunsOf(TaskNames.CleanupLogs).Count);
        Assert.Equal(At(59).Value, schedule.RunsOf(TaskNames.CleanupLogs)[0].Start.Value);
    }

    private static UnixNanos At(double hours) => UnixNanos.From(Noon.AddHours(hours));

    private static RecordedRun Run(double hours) => new() { StartText = At(hours).ToString(), EndText = At(hours).ToString(), IsSuccess = true };

    private static MaintenanceSchedule With(string task, params double[] hours) =>
        hours.Aggregate(new MaintenanceSchedule(), (schedule, hour) => schedule.With(task, Run(hour)));
}
