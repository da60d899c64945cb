using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class StreamPutTests
{
    [Fact]
    public void Ten_thousand_parts_hold_the_largest_blob_that_servers_take()
    {
        const long FiveTebibytes = 5L << 40;
        long[] parts = [.. Enumerable.Range(1, StreamPut.MaxParts).Select(number => (long)StreamPut.PartBytes(number))];
        Assert.True(parts.Sum() >= FiveTebibytes);
        Assert.All(parts, part => Assert.InRange(part, StreamPut.FirstPartBytes, Array.MaxLength));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(1000, 8)]
    [InlineData(1001, 16)]
    [InlineData(10_000, 1900)]
    public void Parts_stay_small_until_a_blob_is_large(int number, int mebibytes) => Assert.Equal(mebibytes << 20, StreamPut.PartBytes(number));
}
