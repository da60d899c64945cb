using BackupFunctions.Engine.Selection;
using Xunit;

namespace BackupFunctions.Tests.Engine.Selection;

public sealed class NamespaceFilterTests
{
    [Theory]
    [InlineData("", "", "arr", true)]
    [InlineData("*", "", "arr", true)]
    [InlineData("arr,auth", "", "auth", true)]
    [InlineData("arr,auth", "", "authx", false)]
    [InlineData("a*", "", "auth", true)]
    [InlineData("a*", "auth", "auth", false)]
    [InlineData("team-?", "", "team-1", true)]
    [InlineData("team-?", "", "team-12", false)]
    [InlineData("team-[0-3x]", "", "team-2", true)]
    [InlineData("team-[0-3x]", "", "team-x", true)]
    [InlineData("team-[0-3x]", "", "team-4", false)]
    [InlineData("*-a-*b", "", "x-a-cbb", true)]
    [InlineData("", "kube-*", "kube-system", false)]
    [InlineData("zzz*", "", "arr", false)]
    public void Includes_and_excludes_are_patterns(string includes, string excludes, string ns, bool taken) =>
        Assert.Equal(taken, Filter(includes, excludes).Matches(ns));

    [Fact]
    public void An_empty_name_includes_no_namespace() => Assert.False(new NamespaceFilter([""], []).Matches("arr"));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("*", "", true)]
    [InlineData("arr,auth", "", true)]
    [InlineData("a*", "", true)]
    [InlineData("arr", "", false)]
    [InlineData("", "kube-system", false)]
    public void Everything_is_included_without_excludes_and_when_all_active_namespaces_are_named(string includes, string excludes, bool everything) =>
        Assert.Equal(everything, Filter(includes, excludes).IncludesEverything(["arr", "auth"]));

    [Fact]
    public void Names_that_do_not_exist_are_reported_but_patterns_are_not() =>
        Assert.Equal(["gone"], Filter("arr,gone,x*", "").MissingNames(["arr"]));

    [Theory]
    [InlineData("*,arr", "", "only")]
    [InlineData("arr", "*", "excludes list cannot contain '*'")]
    [InlineData("arr", "arr", "in the includes list: arr")]
    [InlineData("a|b", "", "one of the characters")]
    [InlineData("a**", "", "'**'")]
    [InlineData("a[", "", "bracket")]
    [InlineData("a[]", "", "bracket")]
    [InlineData("Arr", "", "not the name of a namespace")]
    [InlineData("a/b", "", "not the name of a namespace")]
    [InlineData("", "../x", "not the name of a namespace")]
    public void Lists_that_cannot_be_meant_are_refused(string includes, string excludes, string part)
    {
        string problem = Assert.Single(Filter(includes, excludes).Validate());
        Assert.StartsWith("Invalid included/excluded namespace lists: ", problem, StringComparison.Ordinal);
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("*", "kube-system,kube-public")]
    [InlineData("a*,b-?,c[0-9]", "a1")]
    public void Usual_lists_are_valid(string includes, string excludes) => Assert.Empty(Filter(includes, excludes).Validate());

    private static NamespaceFilter Filter(string includes, string excludes) =>
        new(includes.Split(',', StringSplitOptions.RemoveEmptyEntries), excludes.Split(',', StringSplitOptions.RemoveEmptyEntries));
}
