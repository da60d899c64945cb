using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository.Splitting;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Splitting;

public sealed class SplitterTests
{
    private const int Mebibyte = 1 << 20;

    public static TheoryData<string, int, int[]> Vectors => new()
    {
        { "DYNAMIC-128K-BUZHASH", 4, [106903, 262144, 262144, 75634, 70225, 262144, 262144, 227264, 82510, 176587, 262144, 126363, 262144, 157276, 243487, 262144, 78774, 66041, 262144, 195626, 217136, 138546, 134780] },
        { "DYNAMIC-1M-BUZHASH", 16, [1082435, 1531497, 566099, 2097152, 1893945, 1625663, 2038860, 2097152, 1212619, 2097152, 534642] },
        { "DYNAMIC-4M-BUZHASH", 64, [2613932, 4740655, 8388608, 3271909, 4066666, 2813014, 8388608, 8388608, 2678066, 3102329, 7446563, 8388608, 2663824, 157474] },
        { "DYNAMIC", 64, [2613932, 4740655, 8388608, 3271909, 4066666, 2813014, 8388608, 8388608, 2678066, 3102329, 7446563, 8388608, 2663824, 157474] },
        { "DYNAMIC-128K-RABINKARP", 4, [262144, 146874, 203115, 111867, 98443, 92381, 150181, 90574, 208838, 262144, 129756, 178906, 262144, 70925, 262144, 102885, 97325, 219922, 68820, 139618, 262144, 100702, 83682, 109946, 262144, 71885, 144795] },
        { "DYNAMIC-1M-RABINKARP", 16, [822443, 2097152, 602257, 1020842, 971076, 1129858, 1250285, 1470978, 773887, 787025, 968093, 2097152, 2097152, 689016] },
        { "DYNAMIC-4M-RABINKARP", 64, [3159006, 7102386, 8388608, 5863389, 2804411, 6270518, 7899090, 8388608, 3048669, 5303181, 2638964, 6242034] },
        { "FIXED-8M", 20, [8388608, 8388608, 4194304] },
        { "FIXED", 6, [4194304, 2097152] },
        { "", 6, [4194304, 2097152] },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Cuts_where_Kopia_cuts(string name, int mebibytes, int[] expected) =>
        Assert.Equal(expected, Segments(Splitter.Create(name), Stream(mebibytes * Mebibyte), int.MaxValue));

    [Theory]
    [InlineData("DYNAMIC-128K-BUZHASH")]
    [InlineData("DYNAMIC-128K-RABINKARP")]
    [InlineData("FIXED-128K")]
    public void Slicing_the_input_does_not_move_the_cuts(string name)
    {
        var random = TestSeed.Random();
        var data = Stream(Mebibyte);
        var expected = Segments(Splitter.Create(name), data, int.MaxValue);
        for (var most = 1; most <= 1 << 18; most *= 4)
        {
            Assert.Equal(expected, Segments(Splitter.Create(name), data, most, random));
        }
    }

    [Fact]
    public void The_cuts_equal_those_of_rolling_over_every_byte()
    {
        var data = new byte[3 * Mebibyte];
        TestSeed.Random().NextBytes(data);
        data.AsSpan(Mebibyte, Mebibyte / 2).Clear();
        Assert.Equal(RollBuzhash(data, 1 << 17), Segments(Splitter.Create("DYNAMIC-128K-BUZHASH"), data, int.MaxValue));
    }

    [Fact]
    public void Zeros_are_cut_at_the_least_length() =>
        Assert.Equal([2 * Mebibyte, 2 * Mebibyte, Mebibyte], Segments(Splitter.Create("DYNAMIC-4M-BUZHASH"), new byte[5 * Mebibyte], int.MaxValue));

    [Theory]
    [InlineData("DYNAMIC-128K-BUZHASH")]
    [InlineData("DYNAMIC-128K-RABINKARP")]
    [InlineData("FIXED-256K")]
    public void A_clone_goes_on_where_the_original_was_and_a_reset_starts_over(string name)
    {
        var data = Stream(Mebibyte);
        var whole = Splitter.Create(name);
        whole.NextSplitPoint(data.AsSpan(0, 70_000));
        var clone = whole.Clone();
        Assert.Equal(whole.NextSplitPoint(data.AsSpan(70_000)), clone.NextSplitPoint(data.AsSpan(70_000)));
        whole.NextSplitPoint(data.AsSpan(0, 70_000));
        whole.Reset();
        Assert.Equal(Splitter.Create(name).NextSplitPoint(data), whole.NextSplitPoint(data));
    }

    [Fact]
    public void Every_name_offered_makes_a_splitter()
    {
        Assert.Equal(21, Splitter.Algorithms.Count);
        Assert.All(Splitter.Algorithms, name => Assert.InRange(Splitter.Create(name).MaxSegmentBytes, 128 << 10, 16 << 20));
    }

    [Theory]
    [InlineData("DYNAMIC-3M-BUZHASH")]
    [InlineData("fixed-4M")]
    public void Refuses_an_unknown_splitter_by_name(string name) =>
        Assert.Contains(name, Assert.Throws<BackupException>(() => Splitter.Create(name)).Message, StringComparison.Ordinal);

    internal static byte[] Stream(int length)
    {
        var data = new byte[length];
        var state = 1UL;
        for (var i = 0; i < length; i++)
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            data[i] = (byte)(state >> 56);
        }
        return data;
    }

    internal static List<int> Segments(Splitter splitter, ReadOnlySpan<byte> data, int mostPerCall, Random? random = null)
    {
        var segments = new List<int>();
        var segment = 0;
        while (!data.IsEmpty)
        {
            var length = Math.Min(data.Length, mostPerCall);
            var slice = data[..(random?.Next(1, length + 1) ?? length)];
            var cut = splitter.NextSplitPoint(slice);
            var taken = cut < 0 ? slice.Length : cut;
            segment += taken;
            if (cut >= 0)
            {
                segments.Add(segment);
                segment = 0;
            }
            data = data[taken..];
        }
        if (segment > 0)
        {
            segments.Add(segment);
        }
        return segments;
    }

    private static List<int> RollBuzhash(byte[] data, int average)
    {
        var segments = new List<int>();
        var window = new byte[64];
        var hash = 0u;
        var count = 0;
        for (var i = 0; i < data.Length; i++)
        {
            hash = System.Numerics.BitOperations.RotateLeft(hash, 1) ^ BuzhashTable.Words[window[i % 64]] ^ BuzhashTable.Words[data[i]];
            window[i % 64] = data[i];
            count++;
            if ((count >= average / 2 && (hash & (average - 1)) == 0) || count >= average * 2 || i == data.Length - 1)
            {
                segments.Add(count);
                count = 0;
            }
        }
        return segments;
    }
}
