using System.Text;
using BackupFunctions.Engine.Storage;
using Xunit;

namespace BackupFunctions.Tests.Engine.Storage;

public sealed class BlobNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData(".")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    public void A_name_that_could_leave_its_place_is_refused(string text) => Assert.False(BlobName.TryParse(text, out _));

    [Fact]
    public void A_lone_surrogate_is_refused() => Assert.False(BlobName.TryParse("a" + (char)0xD800, out _));

    [Fact]
    public void Names_are_ordered_by_their_UTF_8_bytes()
    {
        Random random = TestSeed.Random();
        string[] letters = ["a", ".", "/x", "0", "é", "\uD7FF", "\uE000", "\uFF5E", "\U00010000", "\U0001F600"];
        for (int i = 0; i < 2000; i++)
        {
            string left = "n" + string.Concat(random.GetItems(letters, 3));
            string right = "n" + string.Concat(random.GetItems(letters, 3));
            int expected = Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));
            Assert.Equal(expected, Math.Sign(BlobName.Parse(left).CompareTo(BlobName.Parse(right))));
        }
    }
}
