using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Upkeep;
using Xunit;

namespace BackupFunctions.Tests.Engine.Upkeep;

public sealed class ScheduleStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly UpkeepHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Theory]
    [InlineData("night", "61 3 * * *", "61")]
    [InlineData("night", "", "non-empty")]
    [InlineData("night", "CRON_TZ=Mars/Base 0 3 * * *", "Mars/Base")]
    [InlineData("a/b", "0 3 * * *", "name")]
    [InlineData("..", "0 3 * * *", "name")]
    [InlineData("", "0 3 * * *", "name")]
    [InlineData("Upper", "0 3 * * *", "name")]
    public async Task A_bad_schedule_is_refused_and_nothing_is_written(string name, string cron, string said)
    {
        BackupException error = await Assert.ThrowsAsync<BackupException>(() => harness.Schedules().CreateAsync(UpkeepHarness.Schedule(name, cron), None));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Empty(await harness.BlobsAsync());
    }

    [Fact]
    public async Task Names_too_long_for_backups_and_contradicting_filters_are_refused()
    {
        ScheduleStore schedules = harness.Schedules();
        VeleroSchedule[] bad =
        [
            UpkeepHarness.Schedule(new string('a', ScheduledBackupName.MaxScheduleLength + 1), "@daily"),
            UpkeepHarness.Schedule("a", "@daily", new BackupSpec { IncludedResources = ["pods"], IncludedClusterScopedResources = ["nodes"] }),
            UpkeepHarness.Schedule("a", "@daily", new BackupSpec { IncludedNamespaces = ["x"], ExcludedNamespaces = ["x"] }),
            UpkeepHarness.Schedule("a", "@daily", new BackupSpec { Ttl = TimeSpan.FromHours(-1) }),
            UpkeepHarness.Schedule("a", "@daily") with { Kind = "Backup" },
            UpkeepHarness.Schedule("a", "@daily", new BackupSpec { Unknown = new Dictionary<string, System.Text.Json.JsonElement> { ["includeNamespaces"] = default } }),
        ];
        foreach (VeleroSchedule schedule in bad)
        {
            Assert.Equal(ErrorKind.InvalidInput, (await Assert.ThrowsAsync<BackupException>(() => schedules.CreateAsync(schedule, None))).Kind);
        }

        Assert.Empty(await harness.BlobsAsync());
    }

    [Fact]
    public async Task A_created_schedule_is_found_by_other_processes_runs_and_can_be_deleted()
    {
        await harness.Schedules().CreateAsync(UpkeepHarness.Schedule("a.status", "@hourly"), None);
        await harness.Schedules().CreateAsync(UpkeepHarness.Schedule("a", "@hourly"), None);
        ScheduleStore other = harness.Schedules();
        Assert.Equal(["a", "a.status"], (await other.ListAsync(None)).Select(entry => entry.Name));
        await harness.TickAsync(other, UpkeepHarness.Start.AddHours(1));
        ScheduleEntry entry = await other.GetAsync("a", None);
        Assert.False(entry.IsConfigured);
        Assert.Equal("Enabled", entry.Schedule!.Status.Phase);
        Assert.Equal(UpkeepHarness.Start.AddHours(1), entry.Schedule.Status.LastBackup);

        await other.PauseAsync("a", None);
        await other.DeleteAsync("a", None);
        await other.DeleteAsync("a.status", None);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => other.DeleteAsync("a", None))).Kind);
        Assert.Equal(["a-20260301130000", "a.status-20260301130000"], await harness.BackupNamesAsync());
        Assert.DoesNotContain(await harness.BlobsAsync(), blob => blob.StartsWith("metadata/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configured_schedules_cannot_be_deleted_or_hidden_by_created_ones()
    {
        ScheduleStore schedules = harness.Schedules(UpkeepHarness.Schedule("night", "0 3 * * *"));
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<BackupException>(() => schedules.DeleteAsync("night", None))).Kind);
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<BackupException>(() => schedules.CreateAsync(UpkeepHarness.Schedule("night", "@hourly"), None))).Kind);
        Assert.Empty(await harness.BlobsAsync());
        Assert.True((await schedules.GetAsync("night", None)).IsConfigured);
    }

    [Fact]
    public async Task Of_two_creations_at_once_one_is_refused()
    {
        ScheduleStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => harness.Schedules())];
        ErrorKind?[] errors = await Task.WhenAll(stores.Select(async store =>
        {
            try
            {
                await store.CreateAsync(UpkeepHarness.Schedule("a", "@daily"), None);
                return (ErrorKind?)null;
            }
            catch (BackupException e)
            {
                return e.Kind;
            }
        }));
        Assert.Single(errors, error => error is null);
        Assert.Equal(7, errors.Count(error => error == ErrorKind.AlreadyExists));
    }

    [Fact]
    public async Task A_damaged_schedule_is_listed_with_its_problem_and_can_be_deleted()
    {
        await harness.PutAsync("metadata/backup-functions/schedules/torn.json", "{ half");
        await harness.PutAsync("metadata/backup-functions/schedules/bad-cron.json", """{"kind":"Schedule","apiVersion":"velero.io/v1","metadata":{"name":"bad-cron"},"spec":{"schedule":"nonsense","template":{}}}""");
        ScheduleStore schedules = harness.Schedules();
        IReadOnlyList<ScheduleEntry> entries = await schedules.ListAsync(None);
        Assert.Equal([ErrorKind.InvalidInput, ErrorKind.Corrupt], entries.Select(entry => entry.Problem!.Kind));
        Assert.Equal("FailedValidation", entries[0].Schedule!.Status.Phase);
        await schedules.DeleteAsync("torn", None);
        await schedules.DeleteAsync("bad-cron", None);
        Assert.Empty(await schedules.ListAsync(None));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("../../backups/x")]
    public async Task An_unknown_name_is_told(string name)
    {
        ScheduleStore schedules = harness.Schedules();
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => schedules.GetAsync(name, None))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => schedules.DeleteAsync(name, None))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => schedules.PauseAsync(name, None))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<BackupException>(() => harness.Ticker(schedules).RunNowAsync(name, None))).Kind);
    }
}
