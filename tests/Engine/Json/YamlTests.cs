using System.Text;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Json;
using Xunit;
using Xunit.Abstractions;

namespace BackupFunctions.Tests.Engine.Json;

public sealed class YamlTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("0644", "420")]
    [InlineData("0x1F", "31")]
    [InlineData("1.0", "1.0")]
    [InlineData("1e3", "1e3")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5.0")]
    [InlineData("+7", "7")]
    [InlineData("-0", "-0")]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("\"1.0\"", "\"1.0\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("10.0.0.1/24", "\"10.0.0.1/24\"")]
    [InlineData("2026-01-01T00:00:00Z", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("-", "\"-\"")]
    public void A_plain_scalar_means_what_Kubernetes_takes_it_for(string yaml, string json)
    {
        JsonObject read = (JsonObject)YamlReader.Parse("value: " + (yaml == "-" ? "\"-\"" : yaml))!;
        Assert.Equal(json, read["value"]?.ToJsonString() ?? "null");
    }

    [Fact]
    public void An_object_is_written_as_people_expect_it()
    {
        JsonNode node = JsonNode.Parse("""
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{},"annotations":{"n":"1","on":"yes","empty":""} },
             "data":{"script.sh":"#!/bin/sh\necho \"hi\"\n","two":"a\n\nb\n\n","url":"http://x:80/a b","tail":" x","colon":"a: b"},
             "list":[1.0,{"a":1,"b":[true,null]},[1e3],"x"],"none":null}
            """)!;
        const string Expected = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              labels: {}
              annotations:
                "n": "1"
                "on": "yes"
                empty: ""
            data:
              script.sh: |
                #!/bin/sh
                echo "hi"
              two: |+
                a

                b

              url: http://x:80/a b
              tail: " x"
              colon: "a: b"
            list:
            - 1.0
            - a: 1
              b:
              - true
              - null
            - - 1e3
            - x
            none: null

            """;
        Assert.Equal(Expected, YamlWriter.Write(node));
        Assert.Equal(node.ToJsonString(), YamlReader.Parse(Expected)!.ToJsonString());
    }

    [Fact]
    public void Anything_written_reads_back_the_same()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("TEST_SEED"), out int given) ? given : new Random().Next();
        output.WriteLine($"TEST_SEED={seed}");
        Random random = new(seed);
        for (int i = 0; i < 3000; i++)
        {
            JsonNode? node = RandomNode(random, 4);
            string yaml = YamlWriter.Write(node);
            Assert.Equal(node?.ToJsonString() ?? "null", YamlReader.Parse(yaml)?.ToJsonString() ?? "null");
        }
    }

    [Fact]
    public void Aliases_merge_keys_and_several_documents_are_read()
    {
        IReadOnlyList<JsonNode> documents = YamlReader.ParseAll("""
            base: &b {x: 1, y: [2]}
            copy: *b
            merged:
              <<: *b
              x: 9
            ---
            # nothing
            ---
            second: true
            """);
        Assert.Equal("""{"base":{"x":1,"y":[2]},"copy":{"x":1,"y":[2]},"merged":{"x":9,"y":[2]}}""", documents[0].ToJsonString());
        Assert.Equal("""{"second":true}""", documents[^1].ToJsonString());
    }

    [Theory]
    [InlineData("a: [1")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: *missing")]
    [InlineData("? [1]\n: 2")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("a: b: c")]
    public void Text_that_is_no_single_YAML_value_is_refused(string yaml)
    {
        BackupException refused = Assert.Throws<BackupException>(() => YamlReader.Parse(yaml));
        Assert.Equal(ErrorKind.InvalidInput, refused.Kind);
    }

    [Fact]
    public void A_small_text_that_expands_without_end_is_refused()
    {
        StringBuilder bomb = new("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1}]\n");
        }

        Assert.Throws<BackupException>(() => YamlReader.Parse(bomb.ToString()));
        Assert.Throws<BackupException>(() => YamlReader.Parse(new string('[', 5000) + new string(']', 5000)));
    }

    private static JsonNode? RandomNode(Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 7 : 5))
        {
            case 0: return null;
            case 1: return JsonNode.Parse(((string[])["0", "-1", "1.0", "1e3", "9223372036854775807", "0.10", "1E-7", "12345678901234567890"])[random.Next(8)]);
            case 2: return JsonValue.Create(random.Next(2) == 0);
            case 3 or 4: return JsonValue.Create(RandomText(random));
            case 5:
                JsonArray array = [];
                for (int i = random.Next(4); i > 0; i--)
                {
                    array.Add(RandomNode(random, depth - 1));
                }

                return array;
            default:
                JsonObject members = [];
                for (int i = random.Next(4); i > 0; i--)
                {
                    members[RandomText(random)] = RandomNode(random, depth - 1);
                }

                return members;
        }
    }

    private static string RandomText(Random random)
    {
        string[] parts = ["a", "B", "1", " ", "\n", "\n", ":", "#", "-", "'", "\"", "\\", "\t", "é", "😀", "\u0001", "\u0085", "\u2028", "yes", "null", "0x1", "1.5", "|", ">", "{", "]", "&", "*", "!", "%", "@", ",", "?", "\r", "~", "=", "<<"];
        StringBuilder text = new();
        for (int i = random.Next(6); i > 0; i--)
        {
            text.Append(parts[random.Next(parts.Length)]);
        }

        return text.ToString();
    }
}
