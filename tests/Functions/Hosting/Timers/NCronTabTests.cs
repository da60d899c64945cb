using System.Globalization;
using BackupFunctions.App.Hosting.Timers;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Timers;

public sealed class NCronTabTests
{
    [Theory]
    [InlineData("0 * * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z")]
    [InlineData("0 * * * * *", "2026-01-01T00:00:59.9999999Z", "2026-01-01T00:01:00Z")]
    [InlineData("*/20 * * * * *", "2026-01-01T00:00:20Z", "2026-01-01T00:00:40Z")]
    [InlineData("0 */5 * * * *", "2026-01-01T00:57:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("0 30 9-17/4 * * *", "2026-01-01T09:30:00Z", "2026-01-01T13:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("30 15,45 23 31 12 *", "2026-12-31T23:45:30Z", "2027-12-31T23:15:30Z")]
    [InlineData("0 0 3 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T03:00:00Z")]
    [InlineData("0 10/20 * * * *", "2026-01-01T00:10:00Z", "2026-01-01T00:30:00Z")]
    public void The_next_time_is_the_first_second_that_fits_all_fields(string schedule, string after, string expected) =>
        Assert.Equal(Time(expected), NCronTab.Parse(schedule).Next(Time(after)));

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("0 0 0 0 * *")]
    [InlineData("0 0 0 * 13 *")]
    [InlineData("0 0 0 * * 7")]
    [InlineData("0 5-1 * * * *")]
    [InlineData("0 */0 * * * *")]
    [InlineData("0 a * * * *")]
    [InlineData("0 -1 * * * *")]
    public void What_is_no_schedule_is_refused(string schedule) => Assert.Throws<FormatException>(() => NCronTab.Parse(schedule));

    [Fact]
    public void A_day_that_never_comes_is_told() => Assert.Throws<FormatException>(() => NCronTab.Parse("0 0 0 30 2 *").Next(Time("2026-01-01T00:00:00Z")));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
