using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Selection;
using Xunit;

namespace BackupFunctions.Tests.Engine.Cluster;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("app=web", "app=web", true)]
    [InlineData("app==web", "app=web", true)]
    [InlineData("app = web , tier!=db", "app=web", true)]
    [InlineData("app in (api, web)", "app=web", true)]
    [InlineData("app notin (api,web)", "app=web", false)]
    [InlineData("app notin (api)", "", true)]
    [InlineData("app", "app=", true)]
    [InlineData("!app", "app=web", false)]
    [InlineData("! app", "", true)]
    [InlineData("example.com/x=1,in=2", "example.com/x=1;in=2", true)]
    [InlineData("app=", "app=", true)]
    public void The_query_form_selects_as_the_API_server_does(string selector, string labels, bool selected)
    {
        JsonObject map = [];
        foreach (string[] label in labels.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=')))
        {
            map[label[0]] = label[1];
        }

        KubeObject value = new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "p", ["labels"] = map } });
        LabelSelector parsed = LabelSelector.Parse(selector);
        Assert.Equal(selected, parsed.Matches(value));
        Assert.Equal(selected, LabelSelector.Parse(parsed.ToString()).Matches(value));
        Assert.Equal(parsed.ToString(), LabelSelector.FromJson(parsed.ToJson()).ToString().Replace("app==", "app=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("app=web,")]
    [InlineData(",app")]
    [InlineData("app in web")]
    [InlineData("app in (")]
    [InlineData("a=b=c")]
    [InlineData("a b")]
    [InlineData("app=we b")]
    [InlineData("-app")]
    [InlineData("app=-x")]
    [InlineData("app>1")]
    public void What_is_no_selector_is_refused(string selector)
    {
        BackupException refused = Assert.Throws<BackupException>(() => LabelSelector.Parse(selector));
        Assert.Equal(ErrorKind.InvalidInput, refused.Kind);
    }

    [Theory]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"In"}]}""")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"Exists","values":["x"]}]}""")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"Gt","values":["1"]}]}""")]
    [InlineData("""{"matchLabels":{"a":1}}""")]
    public void A_malformed_object_form_is_refused(string json) =>
        Assert.Throws<BackupException>(() => LabelSelector.FromJson((JsonObject)JsonNode.Parse(json)!));

    [Fact]
    public void Several_selectors_are_asked_for_one_by_one_and_any_of_them_suffices()
    {
        LabelFilter filter = new(null, [LabelSelector.Parse("app=a"), LabelSelector.Parse("tier in (x,y)")]);
        Assert.Equal(["app=a", "tier in (x,y)"], filter.Queries);
        Assert.Equal([null], LabelFilter.All.Queries);
        Assert.Single(new LabelFilter(LabelSelector.Parse("a"), [LabelSelector.Parse("b")]).Validate());
    }
}
