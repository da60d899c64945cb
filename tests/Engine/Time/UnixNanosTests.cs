using BackupFunctions.Engine.Time;
using Xunit;

namespace BackupFunctions.Tests.Engine.Time;

public sealed class UnixNanosTests
{
    [Theory]
    [InlineData("2025-01-02T03:04:05.123456789Z", "2025-01-02T03:04:05.123456789Z")]
    [InlineData("2025-01-02T04:04:05.5+01:00", "2025-01-02T03:04:05.5Z")]
    [InlineData("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.000000001Z", "1969-12-31T23:59:59.000000001Z")]
    [InlineData("1754-08-30T22:43:41.128654848Z", "1754-08-30T22:43:41.128654848Z")]
    public void Reads_RFC_3339_and_writes_it_as_Go_does(string text, string expected) =>
        Assert.Equal(expected, UnixNanos.Parse(text).ToString());

    [Theory]
    [InlineData("2025-01-02T03:04:05.123456789Z")]
    [InlineData("2024-02-29T23:59:59.5Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.000000001Z")]
    [InlineData("1678-01-01T00:00:00Z")]
    [InlineData("2025-01-02T04:04:05.5+01:00")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("2025-01-02T03:04:05.Z")]
    [InlineData("2025-01-02T03:04:05.12a4Z")]
    [InlineData("2025-01-02T24:00:00Z")]
    [InlineData("")]
    public void Reads_the_same_from_bytes_as_from_text(string text)
    {
        bool isTime = UnixNanos.TryParse(text, out UnixNanos expected);

        Assert.Equal(isTime, UnixNanos.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out UnixNanos value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2025-01-02")]
    [InlineData("2025-01-02T03:04:05")]
    [InlineData("2025-01-02T03:04:05.Z")]
    [InlineData("2025-13-02T03:04:05Z")]
    public void Refuses_what_is_no_time(string text) => Assert.False(UnixNanos.TryParse(text, out _));

    [Fact]
    public void Go_s_zero_time_is_clamped_and_not_an_error() => Assert.True(UnixNanos.TryParse("0001-01-01T00:00:00Z", out _));
}
