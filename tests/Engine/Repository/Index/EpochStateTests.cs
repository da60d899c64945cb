using BackupFunctions.Engine.Repository.Index;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Repository.Index;

public sealed class EpochStateTests
{
    [Fact]
    public void Without_markers_everything_of_epoch_0_and_1_counts() =>
        Expect(["xn0_a-s1-c1", "xn1_b-s1-c1"], "xn0_a-s1-c1", "xn1_b-s1-c1", "xn2_far-s1-c1");

    [Fact]
    public void A_settled_epoch_is_replaced_by_its_complete_compaction() =>
        Expect(["xs0_a-s1-c1", "xn1_b-s1-c1", "xn2_c-s1-c1"], "xe1", "xe2", "xn0_x-s1-c1", "xn1_b-s1-c1", "xn2_c-s1-c1", "xs0_a-s1-c1", "xs1_early-s1-c1");

    [Fact]
    public void An_incomplete_compaction_does_not_count() =>
        Expect(["xn0_x-s1-c1"], "xe2", "xn0_x-s1-c1", "xs0_a-s1-c2");

    [Fact]
    public void Of_two_compactions_the_first_complete_one_counts() =>
        Expect(["xs0_b-s2-c2", "xs0_c-s2-c2"], "xe2", "xn0_x-s1-c1", "xs0_a-s1-c2", "xs0_b-s2-c2", "xs0_c-s2-c2", "xs0_d-s3-c1");

    [Fact]
    public void Ranges_from_epoch_0_replace_what_they_cover() =>
        Expect(["xr0_3_a-s1-c1", "xr4_7_b-s1-c1", "xs8_c-s1-c1", "xn9_d-s1-c1", "xn10_e-s1-c1"],
            "xe10", "xn10_e-s1-c1", "xn2_old-s1-c1", "xn9_d-s1-c1", "xr0_3_a-s1-c1", "xr4_7_b-s1-c1", "xr5_7_gap-s1-c1", "xs1_old-s1-c1", "xs8_c-s1-c1");

    [Fact]
    public void The_chain_of_ranges_that_reaches_furthest_with_the_fewest_counts() =>
        Expect(["xr0_5_b-s1-c1"], "xe7", "xr0_2_a-s1-c1", "xr0_5_b-s1-c1", "xr3_5_c-s1-c1");

    [Fact]
    public void Names_that_are_not_of_the_scheme_are_passed_over() =>
        Expect(["xn0_a-s1-c1"], "x", "xe", "xn", "xn0", "xnabc_d", "xr0_a", "xr5_2_a-s1-c1", "xq7", "xn-1_a", "xn99999999999999999999_a", "xn0_a-s1-c1");

    [Fact]
    public void The_highest_marker_and_watermark_count()
    {
        EpochState state = From("xe12", "xe2", "xw100", "xw90");

        Assert.Equal(12, state.WriteEpoch);
        Assert.Equal(100, state.WatermarkSeconds);
    }

    private static void Expect(string[] active, params string[] names) =>
        Assert.Equal(active.Order(StringComparer.Ordinal), From(names).Active.Select(static blob => blob.Name.ToString()).Order(StringComparer.Ordinal));

    private static EpochState From(params string[] names) =>
        EpochState.From(names.Order(StringComparer.Ordinal).Select(static name => new BlobInfo(BlobName.Parse(name), 1, DateTimeOffset.UnixEpoch)));
}
