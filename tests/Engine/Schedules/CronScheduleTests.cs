using System.Globalization;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;
using Xunit;

namespace BackupFunctions.Tests.Engine.Schedules;

public sealed class CronScheduleTests
{
    // The vectors of robfig/cron v3's spec_test.go that its standard parser takes, among others; 2012-07-09 is a Monday.
    [Theory]
    [InlineData("*/15 * * * *", "2012-07-09T14:45:00Z", "2012-07-09T15:00:00Z")]
    [InlineData("*/15 * * * *", "2012-07-09T14:59:59Z", "2012-07-09T15:00:00Z")]
    [InlineData("20-35/15 * * * *", "2012-07-09T15:45:00Z", "2012-07-09T16:20:00Z")]
    [InlineData("*/15 */2 * * *", "2012-07-09T23:46:00Z", "2012-07-10T00:00:00Z")]
    [InlineData("20-35/15 1/2 * * *", "2012-07-09T23:35:51Z", "2012-07-10T01:20:00Z")]
    [InlineData("20-35/15 10-12 * * *", "2012-07-09T23:35:51Z", "2012-07-10T10:20:00Z")]
    [InlineData("20-35/15 1/2 */2 * *", "2012-07-09T23:35:51Z", "2012-07-11T01:20:00Z")]
    [InlineData("20-35/15 * 9-20 Jul *", "2012-07-09T23:35:51Z", "2012-07-10T00:20:00Z")]
    [InlineData("0 0 9 Apr-Oct *", "2012-07-09T23:35:00Z", "2012-08-09T00:00:00Z")]
    [InlineData("0 0 */5 Apr,Aug,Oct Mon", "2012-07-09T23:35:00Z", "2012-08-01T00:00:00Z")]
    [InlineData("0 0 */5 Oct Mon", "2012-07-09T23:35:00Z", "2012-10-01T00:00:00Z")]
    [InlineData("0 0 * Feb Mon", "2012-07-09T23:35:00Z", "2013-02-04T00:00:00Z")]
    [InlineData("0 0 * Feb Mon/2", "2012-07-09T23:35:00Z", "2013-02-01T00:00:00Z")]
    [InlineData("0 0 29 Feb *", "2012-07-09T23:35:00Z", "2016-02-29T00:00:00Z")]
    [InlineData("0 0 1 1 *", "2012-12-31T23:59:45Z", "2013-01-01T00:00:00Z")]
    [InlineData("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("0 3 * * *", "2026-01-01T02:59:59.999Z", "2026-01-01T03:00:00Z")]
    [InlineData("0 4 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T04:00:00Z")]
    [InlineData("0 4 ? * SUN", "2026-01-01T00:00:00Z", "2026-01-04T04:00:00Z")]
    [InlineData("0 0 13 * fri", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("0 0 13 * *", "2026-01-01T00:00:00Z", "2026-01-13T00:00:00Z")]
    [InlineData("0 0 */2 * fri", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("5,,10 * * * *", "2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z")]
    [InlineData("@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("@daily", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("@midnight", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("@monthly", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")]
    [InlineData("@yearly", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@annually", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@every 1h30m", "2026-01-01T00:00:00.75Z", "2026-01-01T01:30:00Z")]
    [InlineData("@every 10ms", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")]
    [InlineData("@every 90.9s", "2026-01-01T00:00:00Z", "2026-01-01T00:01:30Z")]
    [InlineData("CRON_TZ=UTC 0 3 * * *", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("TZ=Asia/Tokyo   0 3 * * *", "2026-01-01T00:00:00Z", "2026-01-01T18:00:00Z")]
    [InlineData("TZ=America/New_York @daily", "2026-01-01T00:00:00Z", "2026-01-01T05:00:00Z")]
    [InlineData("TZ=Asia/Kolkata 0 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:30:00Z")]
    public void The_next_due_time_is_that_of_robfig(string schedule, string after, string expected) =>
        Assert.Equal(Time(expected), CronSchedule.Parse(schedule).Next(Time(after)));

    [Theory]
    [InlineData("0 0 30 Feb *")]
    [InlineData("0 0 31 Apr *")]
    public void What_never_comes_is_null(string schedule) =>
        Assert.Null(CronSchedule.Parse(schedule).Next(Time("2026-01-01T00:00:00Z")));

    // Berlin: 2026-03-29 02:00 -> 03:00, 2026-10-25 03:00 -> 02:00. New York: 2012-03-11 and 2012-11-04, both at 02:00.
    [Theory]
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 0 3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 0 * * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 0 4 * * *", "2026-10-24T12:00:00Z", "2026-10-25T03:00:00Z")]
    [InlineData("TZ=America/New_York 0 0 * * ?", "2012-03-11T05:00:00Z", "2012-03-12T04:00:00Z")]
    [InlineData("TZ=America/New_York 30 2 11 Mar ?", "2012-03-11T05:00:00Z", "2013-03-11T06:30:00Z")]
    [InlineData("TZ=America/New_York 0 2 * * ?", "2012-03-11T05:00:00Z", "2012-03-12T06:00:00Z")]
    [InlineData("TZ=America/New_York 0 3 * * ?", "2012-03-11T05:00:00Z", "2012-03-11T07:00:00Z")]
    [InlineData("TZ=America/New_York 0 * * * ?", "2012-11-04T04:00:00Z", "2012-11-04T05:00:00Z")]
    [InlineData("TZ=America/New_York 0 * * * ?", "2012-11-04T05:00:00Z", "2012-11-04T06:00:00Z")]
    [InlineData("TZ=America/New_York 0 * * * ?", "2012-11-04T06:00:00Z", "2012-11-04T07:00:00Z")]
    [InlineData("TZ=America/New_York 0 1 * * ?", "2012-11-04T04:00:00Z", "2012-11-04T05:00:00Z")]
    [InlineData("TZ=America/New_York 0 2 * * ?", "2012-11-04T04:00:00Z", "2012-11-04T07:00:00Z")]
    [InlineData("TZ=America/Sao_Paulo 0 9 10 * ?", "2018-10-17T08:00:00Z", "2018-11-10T11:00:00Z")]
    [InlineData("TZ=America/Sao_Paulo 0 0 * * *", "2018-11-03T12:00:00Z", "2018-11-05T02:00:00Z")]
    public void Daylight_saving_skips_and_repeats_as_in_robfig(string schedule, string after, string expected) =>
        Assert.Equal(Time(expected), CronSchedule.Parse(schedule).Next(Time(after)));

    [Theory]
    [InlineData("", "non-empty")]
    [InlineData("   ", "non-empty")]
    [InlineData("* * * *", "exactly 5 fields, found 4")]
    [InlineData("0 0 3 * * *", "exactly 5 fields, found 6")]
    [InlineData("60 * * * *", "end of range (60) above maximum (59)")]
    [InlineData("* 24 * * *", "above maximum (23)")]
    [InlineData("* * 0 * *", "below minimum (1)")]
    [InlineData("* * 32 * *", "above maximum (31)")]
    [InlineData("* * * 13 *", "above maximum (12)")]
    [InlineData("0 4 * * 7", "Sunday is 0")]
    [InlineData("0 4 * * sunday", "'sunday' in the day of week is no number and none of sun, mon")]
    [InlineData("5-2 * * * *", "beyond end of range (2)")]
    [InlineData("1-2-3 * * * *", "too many hyphens")]
    [InlineData("1/2/3 * * * *", "too many slashes")]
    [InlineData("*/0 * * * *", "positive number")]
    [InlineData("-1 * * * *", "no number")]
    [InlineData("a * * * *", "'a' in the minute is no number")]
    [InlineData("99999999999 * * * *", "no number")]
    [InlineData(", * * * *", "names no value")]
    [InlineData("@fortnightly", "unknown")]
    [InlineData("@every soon", "no duration")]
    [InlineData("TZ=Europe/Berlin", "nothing")]
    [InlineData("CRON_TZ=Mars/Olympus 0 3 * * *", "'Mars/Olympus' is unknown")]
    public void A_wrong_expression_is_refused_with_what_is_wrong(string schedule, string expected)
    {
        BackupException error = Assert.Throws<BackupException>(() => CronSchedule.Parse(schedule));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-01T20:00:00Z", null)]
    [InlineData("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("0 3 * * *", "2020-01-01T03:00:00Z", "2026-01-02T02:59:59Z", "2026-01-01T03:00:00Z")]
    [InlineData("* * * * *", "2001-01-01T00:00:00Z", "2026-01-02T02:59:59Z", "2026-01-02T02:59:00Z")]
    [InlineData("0 0 29 2 *", "2001-01-01T00:00:00Z", "2026-01-02T02:59:59Z", "2024-02-29T00:00:00Z")]
    [InlineData("@every 1h", "2026-01-01T00:30:00Z", "2026-01-01T05:00:00Z", "2026-01-01T04:30:00Z")]
    [InlineData("@every 1h", "2026-01-01T00:30:00Z", "2026-01-01T01:29:59Z", null)]
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-20T00:00:00Z", "2026-03-29T12:00:00Z", "2026-03-28T01:30:00Z")]
    [InlineData("CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-20T00:00:00Z", "2026-10-25T12:00:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("* * * * *", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", null)]
    public void Of_missed_due_times_only_the_latest_counts(string schedule, string since, string now, string? expected) =>
        Assert.Equal(expected is null ? null : Time(expected), CronSchedule.Parse(schedule).LatestDueAtOrBefore(Time(since), Time(now)));

    [Fact]
    public void The_latest_due_time_is_the_one_that_walking_finds()
    {
        Random random = TestSeed.Random();
        const string LordHowe = "CRON_TZ=Australia/Lord_Howe ";
        string[] zones = ["", "CRON_TZ=Europe/Berlin ", "CRON_TZ=America/New_York ", LordHowe, "CRON_TZ=America/Sao_Paulo "];
        for (int round = 0; round < 300; round++)
        {
            string cron = $"{Field(random, 0, 59)} {Field(random, 0, 23)} {Field(random, 1, 31)} {Field(random, 1, 12)} {Field(random, 0, 6)}";
            string zone = zones[random.Next(zones.Length)];
            CronSchedule schedule = CronSchedule.Parse(zone + cron);
            DateTimeOffset since = Time("2016-01-01T00:00:00Z").AddMinutes(random.Next(3 * 365 * 24 * 60));
            DateTimeOffset now = since.AddMinutes(random.Next(3 * 24 * 60)).AddSeconds(random.Next(60));
            DateTimeOffset? walked = null;
            for (DateTimeOffset? due = schedule.Next(since); due is not null && due <= now; due = schedule.Next(due.Value))
            {
                Assert.True(walked is null || due > walked, $"{schedule} after {walked}");
                walked = due;
            }

            DateTimeOffset? latest = schedule.LatestDueAtOrBefore(since, now);
            bool isWalkedPast = zone == LordHowe && latest > walked && schedule.Next(latest.Value.AddSeconds(-1)) == latest && latest <= now;
            Assert.True(walked == latest || isWalkedPast, $"{schedule} from {since:O} to {now:O}: walked to {walked:O}, found {latest:O}");
        }
    }

    /// <summary>
    /// robfig/cron adds whole hours to the hour it stands at, so that clocks which are put on by half an hour lead it past minute 15 of the hours
    /// that follow; from after the shift it finds them.
    /// </summary>
    [Fact]
    public void Where_clocks_are_put_on_by_half_an_hour_due_times_are_walked_past()
    {
        CronSchedule schedule = CronSchedule.Parse("CRON_TZ=Australia/Lord_Howe 15 */5 * * *");

        Assert.Equal(Time("2016-10-01T23:15:00Z"), schedule.Next(Time("2016-10-01T13:45:00Z")));
        Assert.Equal(Time("2016-10-01T18:15:00Z"), schedule.Next(Time("2016-10-01T18:00:00Z")));
        Assert.Equal(Time("2016-10-01T18:15:00Z"), schedule.LatestDueAtOrBefore(Time("2016-10-01T12:00:00Z"), Time("2016-10-01T22:00:00Z")));
    }

    [Fact]
    public void A_backup_is_named_after_its_due_time_in_UTC()
    {
        DateTimeOffset due = new(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2));
        Assert.Equal("daily-20260102030405", ScheduledBackupName.Of("daily", due).ToString());
        Assert.True(ScheduledBackupName.TryGetDueTime("daily", "daily-20260102030405", out DateTimeOffset read));
        Assert.Equal(due, read);
        Assert.Equal(TimeSpan.Zero, read.Offset);
        Assert.False(ScheduledBackupName.TryGetDueTime("daily", "daily-by-hand", out _));
        Assert.False(ScheduledBackupName.TryGetDueTime("daily", "other-20260102030405", out _));
        Assert.False(ScheduledBackupName.TryGetDueTime("daily", "daily-20261302030405", out _));
    }

    private static string Field(Random random, int min, int max) => random.Next(5) switch
    {
        0 => random.Next(min, max + 1).ToString(CultureInfo.InvariantCulture),
        1 => $"*/{random.Next(1, 6)}",
        2 => $"{random.Next(min, (min + max) / 2)}-{random.Next((min + max) / 2, max + 1)}",
        _ => "*",
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
