using System.Text;
using BackupFunctions.Engine.Files;
using BackupFunctions.Engine.Snapshots;
using Xunit;

namespace BackupFunctions.Tests.Engine.Snapshots;

public sealed class EntryNamesTests
{
    [Fact]
    public void Names_that_are_no_text_stay_apart()
    {
        string[] names = [EntryNames.ToText(Name("a\xff")), EntryNames.ToText(Name("a\xfe")), EntryNames.ToText(Name("\xe4" + "b"))];

        Assert.Equal(["a\uFFFDff", "a\uFFFDfe", "\uFFFDe4b"], names);
    }

    [Fact]
    public void The_text_of_the_longest_names_can_be_a_file_name_too_and_they_stay_apart() // else Kopia's restore ends at the first of them
    {
        FileName[] longest = [Name(new string('\xff', 255)), Name(new string('\xff', 254) + "\xfe"), Name("ok" + new string('\xe4', 253)), Name(new string('\xff', 51) + new string('x', 204))];

        string[] texts = [.. longest.Select(EntryNames.ToText)];

        Assert.All(texts, static text => Assert.InRange(Encoding.UTF8.GetByteCount(text), 200, FileName.MaxBytes));
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.StartsWith("ok\uFFFDe4\uFFFDe4", texts[2], StringComparison.Ordinal);
    }

    private static FileName Name(string latin1) => FileName.TryCreate(Encoding.Latin1.GetBytes(latin1), out FileName name) ? name : throw new ArgumentException("This is no name.", nameof(latin1));
}
