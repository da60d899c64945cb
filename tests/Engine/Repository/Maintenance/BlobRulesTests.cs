using BackupFunctions.Engine.Repository.Format;
using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Repository.Maintenance;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Maintenance;

/// <summary>Which blobs maintenance may delete, and which it makes.</summary>
public sealed class BlobRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Margin = TimeSpan.FromHours(4);

    [Theory]
    [InlineData("p1-s1", -25, null, true)]
    [InlineData("p1-s1", -23, null, false)] // its index may be on its way
    [InlineData("p1-s1", -50, -90.0, false)] // its session runs
    [InlineData("p1-s1", -99, -97.0, true)] // its session is dead
    [InlineData("s1-s1", -97, -97.0, true)] // and so is its marker
    [InlineData("p1", -99, null, false)] // no pack of anybody we know
    [InlineData("something-else", -99, null, false)]
    public void M4_only_old_packs_without_a_living_session_go(string name, double putAt, double? markedAt, bool expected)
    {
        Dictionary<string, DateTimeOffset> sessions = markedAt is { } hours ? new() { ["s1"] = Noon.AddHours(hours) } : [];

        Assert.Equal(expected, PackRules.MayDelete(Blob(name, putAt), Noon, sessions, SafetyMargins.Full));
    }

    [Fact]
    public void M4_a_pack_that_was_put_after_the_run_began_stays_even_without_margins() =>
        Assert.False(PackRules.MayDelete(Blob("p1-s1", 0.001), Noon, new Dictionary<string, DateTimeOffset>(), SafetyMargins.None));

    [Fact]
    public void Packs_are_short_by_what_is_alive_in_them_and_old_enough_to_be_moved()
    {
        Dictionary<BlobName, PackUse> packs = new()
        {
            [BlobName.Parse("p1-s")] = new(59, 1),
            [BlobName.Parse("p2-s")] = new(60, 1),
            [BlobName.Parse("q1-s")] = new(1, 1),
            [BlobName.Parse("q2-s")] = new(59, 1),
            [BlobName.Parse("q3-s")] = new(1, 0), // too young
        };

        Assert.Equal(["p1-s", "q1-s q2-s"], PackRules.Short(packs, 100).Select(static kind => string.Join(' ', kind)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_short_pack_alone_is_emptied_only_when_that_frees_much()
    {
        Assert.True(PackRules.IsMostlyDead(1 << 20, new PackUse(500_000, 1)));
        Assert.False(PackRules.IsMostlyDead(1 << 20, new PackUse(600_000, 1)));
        Assert.False(PackRules.IsMostlyDead(100_000, new PackUse(1, 1)));
    }

    [Fact]
    public void M6_index_blobs_go_when_their_merge_is_older_than_the_margin_and_they_are_in_it()
    {
        EpochState state = State(("xe1", -50), ("xe2", -40), ("xe3", -30), ("xn0_a-s1-c1", -60), ("xn0_late-s1-c1", -6), ("xn1_b-s1-c1", -45), ("xn3_c-s1-c1", 0), ("xs0_m-s2-c1", -20), ("xs1_n-s3-c1", -3));

        Assert.Equal(["xn0_a-s1-c1"], EpochRules.Superseded(state, Margin).Select(static blob => blob.Name.ToString()));
        Assert.Equal(["xn0_a-s1-c1", "xn1_b-s1-c1"], EpochRules.Superseded(state, null).Select(static blob => blob.Name.ToString()));
    }

    [Fact]
    public void Epochs_are_merged_in_order_and_only_when_nobody_writes_to_them()
    {
        Assert.Null(EpochRules.NextToCompact(State(("xe1", 0), ("xn0_a-s1-c1", 0), ("xn1_b-s1-c1", 0))));
        Assert.Equal(0, EpochRules.NextToCompact(State(("xe2", 0), ("xn0_a-s1-c1", 0), ("xn1_b-s1-c1", 0))));
        Assert.Equal(1, EpochRules.NextToCompact(State(("xe3", 0), ("xn0_a-s1-c1", 0), ("xn1_b-s1-c1", 0), ("xs0_m-s2-c1", 0))));
        Assert.Null(EpochRules.NextToCompact(State(("xe4", 0), ("xn0_a-s1-c1", 0), ("xn2_b-s1-c1", 0), ("xs0_m-s2-c1", 0)))); // never over a gap
    }

    [Fact]
    public void A_range_is_made_of_many_settled_epochs()
    {
        Assert.Null(EpochRules.NextRange(State(("xe8", 0)), EpochParameters.Default));
        Assert.Equal((0, 7), EpochRules.NextRange(State(("xe9", 0)), EpochParameters.Default));
        Assert.Null(EpochRules.NextRange(State(("xe9", 0), ("xr0_1_a-s1-c1", 0)), EpochParameters.Default with { FullCheckpointFrequency = 6 }));
    }

    [Fact]
    public void An_epoch_ends_when_it_is_old_and_full()
    {
        List<(string, double)> blobs = [.. Enumerable.Range(0, 20).Select(static i => ($"xn0_{i}-s1-c1", i * 1.3))];

        Assert.True(EpochRules.ShouldAdvance(State([.. blobs]), EpochParameters.Default));
        Assert.False(EpochRules.ShouldAdvance(State([.. blobs[1..]]), EpochParameters.Default));
        Assert.False(EpochRules.ShouldAdvance(State([.. blobs.Select(static blob => (blob.Item1, blob.Item2 / 2))]), EpochParameters.Default));
    }

    [Fact]
    public void M6_an_input_goes_before_the_output_that_makes_its_merge_valid()
    {
        List<LoggedCompaction> logs =
        [
            new(Blob("m2", -3), ["b", "c"], ["d"]),
            new(Blob("m1", -5), ["a"], ["b"]),
            new(Blob("m3", -0.5), ["d"], ["e"]), // too young
            new(Blob("m4", -9), ["f"], ["gone"]), // void: its output is not there
        ];

        List<List<string>> groups = LegacyIndexRules.Replaced(logs, new HashSet<string> { "a", "b", "c", "d", "e", "f" }, Noon, TimeSpan.FromHours(1));

        Assert.Equal([["a", "c"], ["b"]], groups.Select(static group => group.Order().ToList()));
    }

    [Fact]
    public void Logs_go_by_age_count_and_size()
    {
        List<BlobInfo> logs = [.. Enumerable.Range(0, 10).Select(static i => Blob($"_log_{i}", -i))];

        Assert.Equal(["_log_6", "_log_7", "_log_8", "_log_9"], Expired(new LogRetention { MaxAgeNanos = (long)5.5e9 * 3600 }));
        Assert.Equal(["_log_8", "_log_9"], Expired(new LogRetention { MaxCount = 8 }));
        Assert.Equal(["_log_7", "_log_8", "_log_9"], Expired(new LogRetention { MaxTotalBytes = 700 }));
        Assert.Empty(Expired(new LogRetention { MaxAgeNanos = 0, MaxCount = 0, MaxTotalBytes = 0 }));

        List<string> Expired(LogRetention retention) => [.. LogCleaner.Expired(logs, retention, Noon).Select(static blob => blob.Name.ToString())];
    }

    private static BlobInfo Blob(string name, double hours) => new(BlobName.Parse(name), 100, Noon.AddHours(hours));

    private static EpochState State(params (string Name, double Hours)[] blobs) =>
        EpochState.From(blobs.OrderBy(static blob => blob.Name, StringComparer.Ordinal).Select(static blob => Blob(blob.Name, blob.Hours)));
}
