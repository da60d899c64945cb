using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Upkeep;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Engine.Upkeep;

public sealed class ScheduleTickerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Noon = UpkeepHarness.Start; // a Sunday
    private readonly UpkeepHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Two_tickers_at_once_take_a_due_time_once()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *"));
        await harness.TickAsync(schedules, Noon);
        RunHarness other = harness.NewProcess();
        DateTimeOffset due = Noon.AddHours(15);

        IReadOnlyList<ScheduleOutcome>[] outcomes = await Task.WhenAll(
            Task.Run(() => harness.Ticker(schedules).TickAsync(due, None)),
            Task.Run(() => harness.Ticker(harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *")), other).TickAsync(due.AddSeconds(1), None)));
        await harness.Runs.RunToEndAsync();
        await other.RunToEndAsync();

        Assert.Single(outcomes.SelectMany(outcome => outcome), outcome => outcome.Result == TickResult.Started);
        Assert.DoesNotContain(outcomes.SelectMany(outcome => outcome), outcome => outcome.Result == TickResult.Failed);
        Assert.Equal(["night-20260302030000"], await harness.BackupNamesAsync());
        VeleroBackup backup = await harness.Runs.Backups.GetAsync(BackupName.Parse("night-20260302030000"), None);
        Assert.Equal(BackupPhase.Completed, backup.Status.Phase);
        Assert.Equal("night", backup.ScheduleName);
        Assert.Equal("gold", backup.Metadata.Label("tier"));
        Assert.Equal("n", backup.Metadata.Annotation("note"));
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, due.AddMinutes(1))).Result);
    }

    [Fact]
    public async Task Labels_of_the_template_take_the_place_of_the_schedules()
    {
        BackupSpec template = new() { IncludedNamespaces = ["other"], Metadata = new BackupTemplateMetadata { Labels = new Dictionary<string, string> { ["own"] = "yes" } } };
        VeleroBackup backup = await harness.Ticker(harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *", template))).RunNowAsync("night", None);
        Assert.Equal("night-20260301120000", backup.Name);
        Assert.Equal("yes", backup.Metadata.Label("own"));
        Assert.Equal("night", backup.ScheduleName);
        Assert.Null(backup.Metadata.Label("tier"));
    }

    [Fact]
    public async Task A_new_schedule_waits_for_its_time_and_missed_times_are_made_up_for_by_one_backup()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("hourly", "@hourly"));
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, Noon.AddSeconds(30))).Result);
        ScheduleOutcome late = Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(10).AddMinutes(17)));
        Assert.Equal((TickResult.Started, Noon.AddDays(10)), (late.Result, late.Due));
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(10).AddMinutes(18))).Result);
        Assert.Equal(["hourly-20260311120000"], await harness.BackupNamesAsync());
        Assert.Equal(Noon.AddDays(10), (await schedules.GetAsync("hourly", None)).Schedule!.Status.LastBackup);
    }

    [Fact]
    public async Task A_due_time_is_not_taken_again_when_its_backup_was_deleted()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *"));
        await harness.TickAsync(schedules, Noon);
        await harness.TickAsync(schedules, Noon.AddDays(1));
        await UpkeepHarness.Deleter(harness.Store).DeleteAsync(BackupName.Parse("night-20260302030000"), None);
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(1).AddMinutes(1))).Result);
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("damaged")]
    public async Task Without_its_memory_a_schedule_goes_by_the_names_of_its_backups(string fate)
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *"));
        await harness.TickAsync(schedules, Noon);
        DateTimeOffset first = Noon.AddHours(15);
        await harness.TickAsync(schedules, first);
        BlobName memory = BlobName.Parse("metadata/backup-functions/schedule-status/night.json");
        Assert.NotNull(await harness.Store.TryGetInfoAsync(memory, None));
        await (fate == "lost" ? harness.Store.DeleteAsync(memory, None) : harness.PutAsync(memory.ToString(), "{ half"));

        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, first.AddMinutes(5))).Result);
        Assert.Equal(first, (await schedules.GetAsync("night", None)).Schedule!.Status.LastBackup);
        await harness.Store.DeleteAsync(memory, None);
        ScheduleOutcome missed = Assert.Single(await harness.TickAsync(schedules, first.AddDays(1).AddHours(2)));
        Assert.Equal((TickResult.Started, "night-20260303030000"), (missed.Result, missed.Backup));
    }

    [Fact]
    public async Task A_wall_clock_time_that_summer_time_skips_does_not_fire_and_one_that_winter_time_repeats_fires_twice()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("dst", "CRON_TZ=Europe/Berlin 30 2 * * *"));
        DateTimeOffset spring = new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero);
        await harness.TickAsync(schedules, spring);
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, spring.AddHours(23))).Result);
        DateTimeOffset autumn = new(2026, 10, 25, 0, 29, 0, TimeSpan.Zero);
        await harness.TickAsync(schedules, autumn);
        for (int minute = 0; minute < 120; minute += 15)
        {
            await harness.TickAsync(schedules, autumn.AddMinutes(minute + 1));
        }

        Assert.Equal(["dst-20261024003000", "dst-20261025003000", "dst-20261025013000"], await harness.BackupNamesAsync());
    }

    [Fact]
    public async Task A_paused_schedule_does_not_fire_and_makes_up_once_when_it_goes_on()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *"));
        await harness.TickAsync(schedules, Noon);
        Assert.True(await schedules.PauseAsync("night", None));
        Assert.False(await schedules.PauseAsync("night", None));
        Assert.True((await harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *")).GetAsync("night", None)).Schedule!.Spec.Paused);
        Assert.Equal(TickResult.Paused, Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(3))).Result);
        Assert.Empty(await harness.BackupNamesAsync());

        Assert.True(await schedules.UnpauseAsync("night", skipImmediately: false, None));
        Assert.Equal(TickResult.Started, Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(3).AddMinutes(1))).Result);
        Assert.Equal(["night-20260304030000"], await harness.BackupNamesAsync());
    }

    [Fact]
    public async Task What_was_due_in_a_pause_can_be_left_out()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *"));
        await harness.TickAsync(schedules, Noon);
        await schedules.PauseAsync("night", None);
        harness.Time.Advance(TimeSpan.FromDays(3));
        await schedules.UnpauseAsync("night", skipImmediately: true, None);
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(3).AddMinutes(1))).Result);
        Assert.Equal(TickResult.Started, Assert.Single(await harness.TickAsync(schedules, Noon.AddDays(4))).Result);
        Assert.Equal(["night-20260305030000"], await harness.BackupNamesAsync());
    }

    [Fact]
    public async Task Skip_immediately_in_the_configuration_holds_when_the_pause_ends()
    {
        VeleroSchedule paused = UpkeepHarness.Schedule("night", "0 3 * * *");
        paused = paused with { Spec = paused.Spec with { Paused = true, SkipImmediately = true } };
        await harness.TickAsync(harness.Schedules(paused), Noon);
        ScheduleStore going = harness.Schedules(paused with { Spec = paused.Spec with { Paused = false } });
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(going, Noon.AddDays(3))).Result);
        Assert.Equal(TickResult.Started, Assert.Single(await harness.TickAsync(going, Noon.AddDays(4))).Result);
    }

    [Fact]
    public async Task A_schedule_waits_while_its_last_backup_is_under_way()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("hourly", "@hourly"), UpkeepHarness.Schedule("other", "@hourly"));
        ScheduleTicker ticker = harness.Ticker(schedules);
        await ticker.TickAsync(Noon, None);
        VeleroBackup manual = await ticker.RunNowAsync("hourly", None);
        IReadOnlyList<ScheduleOutcome> held = await ticker.TickAsync(Noon.AddHours(1), None);
        Assert.Equal([TickResult.StillRunning, TickResult.Started], held.Select(outcome => outcome.Result));
        Assert.Equal(manual.Name, held[0].Backup);
        await harness.Runs.RunToEndAsync();
        Assert.Equal([TickResult.Started, TickResult.NotDue], (await harness.TickAsync(schedules, Noon.AddHours(1).AddMinutes(5))).Select(outcome => outcome.Result));
    }

    [Fact]
    public async Task One_that_fails_keeps_no_other_from_its_turn()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("a", "@hourly"), UpkeepHarness.Schedule("z", "@hourly"));
        await harness.PutAsync("metadata/backup-functions/schedules/damaged.json", "{ half");
        await harness.PutAsync("metadata/backup-functions/running/backup/torn", "");
        await harness.PutAsync("backups/torn/work/plan.json", "{ half");
        await harness.TickAsync(schedules, Noon);
        IReadOnlyList<ScheduleOutcome> outcomes = await harness.TickAsync(schedules, Noon.AddHours(1));
        Assert.Equal([TickResult.Started, TickResult.Failed, TickResult.Started], outcomes.Select(outcome => outcome.Result));
        Assert.Equal(ErrorKind.Corrupt, outcomes[1].Error!.Kind);
    }

    [Fact]
    public async Task A_clock_set_back_repeats_nothing_and_a_time_from_a_wrong_clock_does_not_stop_a_schedule()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("hourly", "@hourly"));
        await harness.TickAsync(schedules, Noon);
        await harness.TickAsync(schedules, Noon.AddHours(2));
        Assert.Equal(TickResult.NotDue, Assert.Single(await harness.TickAsync(schedules, Noon.AddHours(1))).Result);

        await harness.TickAsync(schedules, Noon.AddYears(4));
        Assert.Equal(TickResult.Started, Assert.Single(await harness.TickAsync(schedules, Noon.AddHours(3))).Result);
        Assert.Equal(["hourly-20260301140000", "hourly-20260301150000", "hourly-20300301120000"], await harness.BackupNamesAsync());
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_told_and_nothing_is_taken()
    {
        DyingStore dead = new(harness.Store, 0);
        ScheduleTicker ticker = new(new ScheduleStore(dead, [UpkeepHarness.Schedule("night", "0 3 * * *")], harness.Time), dead, harness.Runs.BackupStarter, harness.Time);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<BackupException>(() => ticker.TickAsync(Noon, None))).Kind);
        Assert.Empty(await harness.BlobsAsync());
    }
}
