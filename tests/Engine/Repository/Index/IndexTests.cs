using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Index;

public sealed class IndexTests
{
    private static readonly BlobName PackA = BlobName.Parse("paaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-s1");
    private static readonly BlobName PackB = BlobName.Parse("pbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-s1");

    [Theory]
    [InlineData(1, 16)]
    [InlineData(1, 32)]
    [InlineData(2, 16)]
    [InlineData(2, 32)]
    public void Every_entry_is_found_as_it_was_put(int version, int hashLength)
    {
        Random random = TestSeed.Random();
        List<IndexEntry> entries = [];
        for (int i = 0; i < 2000; i++)
        {
            uint length = version == 1 ? (uint)random.Next(1 << 20) : (uint)random.Next(1 << 27);
            entries.Add(new IndexEntry(
                new ContentId("\0kmx"[random.Next(4)], RepositoryRun.RandomBytes(random, hashLength)),
                BlobName.Parse($"p{random.Next(500):x32}-s1"),
                random.Next(),
                random.Next(3) == 0,
                (uint)random.Next(1 << 30),
                length + 28,
                length,
                version == 1 ? 0u : (uint)random.Next(3),
                3,
                0));
        }

        List<IndexEntry> sorted = IndexBuilder.SortAndMerge(entries);
        IndexView view = new([IndexSegment.Parse("test", IndexBuilder.Build(version, sorted.ToArray(), [1, 2, 3]))], long.MinValue);

        Assert.Equal(sorted, view.Entries(prefix: null));
        Assert.Equal(sorted.Where(static entry => entry.Id.Prefix == 'm'), view.Entries('m'));
        Assert.All(entries, entry => Assert.True(view.TryFind(entry.Id, out IndexEntry found) && found == entry));
        Assert.False(view.TryFind(new ContentId('z', new byte[hashLength]), out _));
    }

    [Fact]
    public void Short_entries_are_used_where_they_suffice()
    {
        IndexEntry entry = Entry(PackA, 1, isDeleted: false);

        byte[] one = IndexBuilder.Build(2, [entry], []);
        byte[] two = IndexBuilder.Build(2, [entry, entry with { Id = ContentId.Parse("ff00"), CompressionHeader = 5 }], []);
        byte[] large = IndexBuilder.Build(2, [entry with { PackedBytes = (1 << 24) + 28, OriginalBytes = 1 << 24 }], []);

        Assert.Equal([16, 17, 19], [one[3], two[3], large[3]]);
    }

    [Fact]
    public void The_later_entry_wins_then_the_living_one_then_the_greater_pack()
    {
        Assert.Equal(PackB, Winner(Entry(PackA, 5, isDeleted: false), Entry(PackB, 6, isDeleted: false)).Pack);
        Assert.Equal(PackA, Winner(Entry(PackA, 5, isDeleted: false), Entry(PackB, 5, isDeleted: true)).Pack);
        Assert.Equal(PackB, Winner(Entry(PackA, 5, isDeleted: false), Entry(PackB, 5, isDeleted: false)).Pack);
    }

    [Fact]
    public void A_deletion_exists_until_the_watermark_reaches_it()
    {
        IndexSegment[] segments = [SegmentOf(Entry(PackA, 5, isDeleted: false)), SegmentOf(Entry(PackA, 9, isDeleted: true))];
        ContentId id = Entry(PackA, 0, isDeleted: false).Id;

        Assert.True(new IndexView(segments, 8).TryFind(id, out IndexEntry deleted) && deleted.IsDeleted);
        Assert.False(new IndexView(segments, 9).TryFind(id, out _));
        Assert.Empty(new IndexView(segments, 9).Entries(prefix: null));
    }

    [Fact]
    public void Many_small_segments_are_one_index()
    {
        Random random = TestSeed.Random();
        ContentId[] ids = [.. Enumerable.Range(0, 3000).Select(_ => new ContentId("\0k"[random.Next(2)], RepositoryRun.RandomBytes(random, 16)))];
        List<IndexEntry> all = [];
        IndexView view = IndexView.Empty;
        for (int i = 0; i < 60; i++)
        {
            IndexEntry[] entries = [.. ids.Where(_ => random.Next(20) == 0).Select(id =>
                Entry(random.Next(2) == 0 ? PackA : PackB, random.Next(3), isDeleted: random.Next(3) == 0) with { Id = id })];
            all.AddRange(entries);
            view = view.With(IndexSegment.Parse("test", IndexBuilder.Build(2, [.. IndexBuilder.SortAndMerge(entries)], [])));
        }

        List<IndexEntry> merged = IndexBuilder.SortAndMerge(all);
        IndexView loaded = new(view.Segments, long.MinValue);

        Assert.Equal(merged, view.Entries(prefix: null));
        Assert.All(merged, entry => Assert.True(view.TryFind(entry.Id, out IndexEntry found) && found == entry && view.Contains(entry.Id)));
        Assert.All(merged, entry => Assert.True(loaded.TryFind(entry.Id, out IndexEntry found) && found == entry && loaded.Contains(entry.Id)));
        Assert.All(ids.Except(merged.Select(static entry => entry.Id)), id => Assert.False(loaded.TryFind(id, out _) || loaded.Contains(id)));
    }

    [Theory]
    [InlineData(0)] // all alike but for the end
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Hashes_that_are_not_spread_evenly_are_found_too(int randomBytes)
    {
        Random random = TestSeed.Random();
        List<IndexEntry> entries = [];
        for (int i = 0; i < 5000; i++)
        {
            byte[] hash = new byte[12];
            RepositoryRun.RandomBytes(random, randomBytes).CopyTo(hash, random.Next(10 - randomBytes));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(hash.AsSpan(10), (ushort)i);
            entries.Add(Entry(PackA, 1, isDeleted: false) with { Id = new ContentId('m', hash) });
        }

        List<IndexEntry> sorted = IndexBuilder.SortAndMerge(entries);
        IndexSegment segment = IndexSegment.Parse("test", IndexBuilder.Build(2, [.. sorted], []));

        Assert.Equal(Enumerable.Range(0, sorted.Count), sorted.Select(entry => Position(segment, entry.Id)));
    }

    private static int Position(IndexSegment segment, ContentId id)
    {
        byte[] key = new byte[id.KeyLength];
        id.CopyKeyTo(key);
        return segment.Find(key);
    }

    private static IndexEntry Winner(IndexEntry first, IndexEntry second)
    {
        Assert.True(new IndexView([SegmentOf(first), SegmentOf(second)], long.MinValue).TryFind(first.Id, out IndexEntry winner));
        Assert.Equal(winner, Assert.Single(new IndexView([SegmentOf(second), SegmentOf(first)], long.MinValue).Entries(prefix: null)));
        Assert.Equal(winner, Assert.Single(IndexBuilder.SortAndMerge([first, second])));
        return winner;
    }

    private static IndexSegment SegmentOf(IndexEntry entry) => IndexSegment.Parse("test", IndexBuilder.Build(2, [entry], []));

    private static IndexEntry Entry(BlobName pack, long timestamp, bool isDeleted) =>
        new(ContentId.Parse("0011"), pack, timestamp, isDeleted, 32, 128, 100, 0, 3, 0);
}
