using BackupFunctions.Engine.Buffers;
using Xunit;

namespace BackupFunctions.Tests.Engine.Buffers;

public sealed class LargeArrayPoolTests
{
    [Fact]
    public void A_returned_array_is_lent_again_to_who_needs_about_that_much()
    {
        LargeArrayPool pool = new(maxKeptBytes: 100 << 20);
        byte[] array = pool.Rent(20 << 20);
        pool.Return(array);

        Assert.NotSame(array, pool.Rent(8 << 20)); // too much for so little
        Assert.Same(array, pool.Rent(17 << 20));
        Assert.NotSame(array, pool.Rent(17 << 20));
    }

    [Fact]
    public void Arrays_above_the_limit_are_not_kept()
    {
        LargeArrayPool pool = new(maxKeptBytes: 12 << 20);
        byte[] first = pool.Rent(2 << 20);
        byte[] second = pool.Rent(2 << 20);
        pool.Return(first);
        pool.Return(second);

        Assert.Same(first, pool.Rent(2 << 20));
        Assert.NotSame(second, pool.Rent(2 << 20));
    }

    [Theory]
    [InlineData((8 << 20) + 28, (8 << 20) + (64 << 10))] // a chunk and what encryption adds
    [InlineData((5 << 20) + 28, (8 << 20) + (64 << 10))]
    [InlineData((28 << 20) + 17, (32 << 20) + (64 << 10))]
    [InlineData(1 << 20, (8 << 20) + (64 << 10))]
    public void There_are_few_lengths_so_that_arrays_fit_many_uses(int asked, int length) =>
        Assert.Equal(length, new LargeArrayPool(0).Rent(asked).Length);
}
