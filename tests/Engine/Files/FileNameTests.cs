using BackupFunctions.Engine.Files;
using Xunit;

namespace BackupFunctions.Tests.Engine.Files;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("a\0b")]
    public void What_could_lead_elsewhere_is_no_name(string text) => Assert.Throws<FormatException>(() => FileName.Parse(text));

    [Fact]
    public void A_name_has_at_most_255_bytes()
    {
        Assert.True(FileName.TryCreate(Enumerable.Repeat((byte)0x61, 255).ToArray(), out _));
        Assert.False(FileName.TryCreate(Enumerable.Repeat((byte)0x61, 256).ToArray(), out _));
    }

    [Theory]
    [InlineData("...")]
    [InlineData(".hidden")]
    [InlineData(" ")]
    [InlineData("-rf *")]
    [InlineData("a\\b")]
    public void Odd_names_are_names(string text) => Assert.Equal(text, FileName.Parse(text).ToString());

    [Fact]
    public void Bytes_that_are_not_text_are_shown_as_hex_and_kept()
    {
        Assert.True(FileName.TryCreate([0x63, 0xE9, 0x0A], out FileName name));

        Assert.Equal("c\\xe9\\x0a", name.ToString());
        Assert.Equal([0x63, 0xE9, 0x0A], name.Bytes.ToArray());
    }

    [Fact]
    public void Names_are_ordered_by_bytes() => Assert.True(FileName.Parse("Z") < FileName.Parse("a") && FileName.Parse("a") < FileName.Parse("a\u0300") && FileName.Parse("z") < FileName.Parse("é"));
}
