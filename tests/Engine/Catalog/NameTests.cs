using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("daily-stateful-20260102030405")]
    [InlineData("a.b-c.0")]
    public void Takes_the_names_that_Kubernetes_takes(string text) => Assert.Equal(text, BackupName.Parse(text).ToString());

    [Theory]
    [InlineData("a/b", "slash")]
    [InlineData("../a", "a part of it")]
    [InlineData("A", "upper-case")]
    [InlineData("a_b", "'_'")]
    [InlineData("a b", "' '")]
    [InlineData("ä", "'ä'")]
    [InlineData("a\n", "U+000A")]
    [InlineData("-a", "begins or ends")]
    [InlineData("a..b", "two dots")]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("..", "two dots")]
    public void Refuses_other_names_and_says_why_and_what_is_allowed(string? text, string why)
    {
        Assert.False(RestoreName.TryParse(text, out _));
        BackupException error = Assert.Throws<BackupException>(() => BackupName.Parse(text));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains(text == "../a" ? "slash" : why, error.Message, StringComparison.Ordinal);
        Assert.Contains("allowed are", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_may_have_253_characters_and_no_more()
    {
        Assert.True(BackupName.TryParse(new string('a', 253), out _));
        Assert.False(BackupName.TryParse(new string('a', 254), out _));
    }

    [Fact]
    public void Long_names_are_shortened_for_labels_as_Velero_does()
    {
        Assert.Equal(new string('a', 63), LabelValue.Of(new string('a', 63)));

        // 57 characters and the first six digits of the SHA-256.
        Assert.Equal(
            "the-really-long-location-name-that-is-much-more-than-63-c69e779",
            LabelValue.Of("the-really-long-location-name-that-is-much-more-than-63-characters"));
    }
}
