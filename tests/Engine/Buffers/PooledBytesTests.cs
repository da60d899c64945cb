using BackupFunctions.Engine.Buffers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Buffers;

public sealed class PooledBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData((1 << 20) + 1)]
    public void A_lease_has_exactly_the_length_asked_for(int length)
    {
        using var lease = PooledBytes.Rent(length);
        Assert.Equal((length, length, length), (lease.Length, lease.Span.Length, lease.Memory.Length));
    }

    [Fact]
    public void Disposing_twice_does_not_lend_one_array_to_two_owners()
    {
        var first = PooledBytes.Rent(100_000);
        first.Dispose();
        first.Dispose();
        using var second = PooledBytes.Rent(100_000);
        using var third = PooledBytes.Rent(100_000);
        Assert.False(second.Span.Overlaps(third.Span));
    }

    [Fact]
    public void Use_after_return_throws()
    {
        var lease = PooledBytes.Rent(10);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Memory);
    }

    [Fact]
    public void A_negative_length_is_the_caller_s_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PooledBytes.Rent(-1));
}
