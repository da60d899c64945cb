using BackupFunctions.Engine.Buffers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Buffers;

public sealed class LargeArrayPoolTests
{
    [Fact]
    public void A_returned_array_is_lent_again_to_who_needs_about_that_much()
    {
        LargeArrayPool pool = new(maxKeptBytes: 100 << 20);
        byte[] array = pool.Rent(8 << 20);
        pool.Return(array);

        Assert.NotSame(array, pool.Rent(1 << 20)); // too much for so little
        Assert.Same(array, pool.Rent(5 << 20));
        Assert.NotSame(array, pool.Rent(5 << 20));
    }

    [Fact]
    public void Arrays_above_the_limit_are_not_kept()
    {
        LargeArrayPool pool = new(maxKeptBytes: 3 << 20);
        byte[] first = pool.Rent(2 << 20);
        byte[] second = pool.Rent(2 << 20);
        pool.Return(first);
        pool.Return(second);

        Assert.Same(first, pool.Rent(2 << 20));
        Assert.NotSame(second, pool.Rent(2 << 20));
    }

    [Fact]
    public void An_array_is_as_long_as_asked_and_little_longer()
    {
        int length = (28 << 20) + 17;

        Assert.InRange(new LargeArrayPool(0).Rent(length).Length, length, length + (64 << 10));
    }
}
