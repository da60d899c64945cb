using System.Buffers;
using System.Text;
using BackupFunctions.Engine.Snapshots.Format;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class GoJsonTests
{
    [Theory]
    [InlineData("plain ümläut 日本語 🎬", "\"plain ümläut 日本語 🎬\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("<&>", "\"\\u003c\\u0026\\u003e\"")]
    [InlineData("\b\f\n\r\t\u0001\u001f\u007f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\"")]
    [InlineData("\u2028\u2029", "\"\\u2028\\u2029\"")]
    public void Text_is_escaped_as_Go_escapes_it(string text, string json)
    {
        ArrayBufferWriter<byte> output = new();

        output.Text(text);

        Assert.Equal(json, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(0x1ED, "0755")]
    [InlineData(0x9ED, "040000755")] // 04755
    [InlineData(0x3FF, "04000777")] // 01777
    [InlineData(0x5E8, "020000750")] // 02750
    [InlineData(0xFFF, "064000777")]
    [InlineData(0, "00")]
    public void Modes_are_Gos(uint permissions, string text)
    {
        Assert.Equal(text, GoMode.ToText(permissions));
        Assert.True(GoMode.TryParse(text, out uint parsed));
        Assert.Equal(permissions, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x1")]
    [InlineData("08")]
    [InlineData("-1")]
    [InlineData("00000000000000000001")]
    public void What_is_no_octal_number_is_no_mode(string text) => Assert.False(GoMode.TryParse(text, out _));
}
