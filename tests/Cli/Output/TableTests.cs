using BackupFunctions.Cli.Output;
using BackupFunctions.Engine.Catalog;
using Xunit;

namespace BackupFunctions.Tests.Cli.Output;

public sealed class TableTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Backups_of_a_schedule_come_newest_first_in_veleros_columns()
    {
        VeleroBackup[] backups =
        [
            Backup("daily-20261101030000", Now.AddDays(-1)),
            Backup("daily-20261103030000", Now.AddDays(29).AddHours(1)),
            Backup("by-hand", null) with { Spec = new BackupSpec { StorageLocation = "default", LabelSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } } } },
        ];
        Assert.Equal(
            """
            NAME                   STATUS      ERRORS   WARNINGS   CREATED                         EXPIRES   STORAGE LOCATION   QUEUE POSITION   SELECTOR
            by-hand                Completed   1        2          2026-11-03 03:00:00 +0000 UTC   n/a       default                             app=web
            daily-20261103030000   Completed   1        2          2026-11-03 03:00:00 +0000 UTC   29d       default                             <none>
            daily-20261101030000   Completed   1        2          2026-11-03 03:00:00 +0000 UTC   1d ago    default                             <none>

            """,
            BackupTable.Of(backups, Now));
    }

    [Fact]
    public void A_restore_that_nobody_has_looked_at_is_new()
    {
        VeleroRestore restore = new() { Metadata = new ObjectMetadata { Name = "r" }, Spec = new RestoreSpec { BackupName = "b" } };
        Assert.Equal(
            """
            NAME   BACKUP   STATUS   STARTED   COMPLETED   ERRORS   WARNINGS   CREATED   SELECTOR
            r      b        New      n/a       n/a         0        0          n/a       <none>

            """,
            RestoreTable.Of([restore], Now));
    }

    [Fact]
    public void A_schedule_shows_when_it_last_ran_and_whether_it_is_paused()
    {
        VeleroSchedule schedule = new()
        {
            Metadata = new ObjectMetadata { Name = "s", CreationTimestamp = Now },
            Spec = new ScheduleSpec { Schedule = "0 3 * * *", Paused = true, Template = new BackupSpec { Ttl = TimeSpan.FromHours(168) } },
            Status = new ScheduleStatus { Phase = "Enabled", LastBackup = Now.AddHours(-9) },
        };
        Assert.Equal(
            """
            NAME   STATUS    CREATED                         SCHEDULE    BACKUP TTL   LAST BACKUP   SELECTOR   PAUSED
            s      Enabled   2026-11-23 12:00:00 +0000 UTC   0 3 * * *   168h0m0s     9h ago        <none>     true

            """,
            ScheduleTable.Of([schedule], Now));
    }

    [Fact]
    public void Control_characters_of_a_store_do_not_reach_the_terminal()
    {
        TextTable table = new("NAME");
        table.Add("a\u001b[31mb\nc");
        Assert.Equal("NAME\na [31mb c\n", table.ToString());
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1_610_612_736, "1.5 GiB")]
    [InlineData(long.MaxValue, "8192.0 PiB")]
    public void Sizes_are_short(long bytes, string text) => Assert.Equal(text, HumanText.Bytes(bytes));

    private static VeleroBackup Backup(string name, DateTimeOffset? expires) => new()
    {
        Metadata = new ObjectMetadata { Name = name },
        Spec = new BackupSpec { StorageLocation = "default" },
        Status = new BackupStatus { Phase = "Completed", Errors = 1, Warnings = 2, StartTimestamp = new DateTimeOffset(2026, 11, 3, 3, 0, 0, TimeSpan.Zero), Expiration = expires },
    };
}
