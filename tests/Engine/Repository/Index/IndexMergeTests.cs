using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Index;

public sealed class IndexMergeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_merge_in_shards_has_the_winners_of_all_its_segments(int version)
    {
        Random random = TestSeed.Random();
        List<IndexEntry> all = [];
        List<IndexSegment> segments = [];
        for (int segment = 0; segment < 5; segment++)
        {
            List<IndexEntry> sorted = IndexBuilder.SortAndMerge(Enumerable.Range(0, 300).Select(_ => Entry(random, version)));
            segments.Add(IndexSegment.Parse($"{segment}", IndexBuilder.Build(version, sorted.ToArray(), [])));
            all.AddRange(sorted);
        }

        IndexMerge merge = new(segments, shardEntries: 100);
        List<IndexSegment> shards = [.. merge.Shards(version, hasRandomTail: version == 1).Select(static (bytes, i) => IndexSegment.Parse($"{i}", bytes))];

        Assert.Equal(merge.ShardCount, shards.Count);
        Assert.All(shards, static shard => Assert.InRange(shard.Count, 1, 100));
        Assert.Equal(IndexBuilder.SortAndMerge(all), new IndexView(shards, long.MinValue).Entries(prefix: null));
    }

    [Fact]
    public void What_is_not_kept_is_left_out_after_the_winner_is_known()
    {
        Random random = TestSeed.Random();
        IndexEntry alive = Entry(random, 2) with { IsDeleted = false, TimestampSeconds = 1 };
        IndexSegment older = IndexSegment.Parse("older", IndexBuilder.Build(2, [alive], []));
        IndexSegment newer = IndexSegment.Parse("newer", IndexBuilder.Build(2, [alive.Deleted(5)], []));

        IndexMerge merge = new([older, newer], static entry => !entry.IsDeleted);

        Assert.Equal(0, merge.EntryCount);
        Assert.Empty(merge.Shards(2, hasRandomTail: false));
    }

    private static IndexEntry Entry(Random random, int version)
    {
        byte[] hash = new byte[16];
        hash[0] = (byte)random.Next(256); // few, so that segments share contents
        hash[1] = (byte)random.Next(3);
        uint length = (uint)random.Next(1 << 20);
        return new IndexEntry(
            new ContentId("\0kmx"[random.Next(4)], hash), BlobName.Parse($"p{random.Next(50):x32}-s1"), random.Next(100), random.Next(3) == 0,
            (uint)random.Next(1 << 30), length + 28, length, version == 1 ? 0u : (uint)random.Next(3), 3, 0);
    }
}
