using System.Text;
using BackupFunctions.Engine.Cluster.Kube;
using Xunit;
using Xunit.Abstractions;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

public sealed class KubePageReaderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_page_is_the_same_however_it_is_cut_into_pieces()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("TEST_SEED"), out int given) ? given : new Random().Next();
        output.WriteLine($"TEST_SEED={seed}");
        Random random = new(seed);
        const string Items = """[{"metadata":{"name":"a"},"n":1.0,"m":1e3,"big":9007199254740993},{"metadata":{"name":"b","x":"]}\"{["} },{}]""";
        string[] pages =
        [
            $$"""{"kind":"L","metadata":{"continue":"t","a":[{}]},"items":{{Items}} }""",
            $$""" {"items": {{Items}} ,"other":[[{"items":[1]}]],"metadata":{"continue":"t"} }{{"\n"}}""",
        ];
        for (int i = 0; i < 300; i++)
        {
            byte[] page = Encoding.UTF8.GetBytes(pages[i % 2]);
            (List<string> items, string? next) = await ReadAsync(new MemoryStream(page), () => random.Next(1, 40));
            Assert.Equal(["""{"metadata":{"name":"a"},"n":1.0,"m":1e3,"big":9007199254740993}""", """{"metadata":{"name":"b","x":"]}\u0022{["}}""", "{}"], items);
            Assert.Equal("t", next);
        }
    }

    [Fact]
    public async Task An_object_larger_than_the_buffer_is_read_whole()
    {
        string large = new('x', 3_000_000);
        string page = $$"""{"items":[{"a":1},{"data":"{{large}}"},{"b":2}]}""";
        (List<string> items, string? next) = await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(page)), () => 16_384);
        Assert.Equal(3, items.Count);
        Assert.Equal(large.Length + """{"data":""}""".Length, items[1].Length);
        Assert.Null(next);
    }

    [Fact]
    public async Task A_page_without_items_is_empty() =>
        Assert.Empty((await ReadAsync(new MemoryStream("""{"metadata":{},"items":null}"""u8.ToArray()), () => 5)).Items);

    private static async Task<(List<string> Items, string? Continue)> ReadAsync(Stream stream, Func<int> pieceSize)
    {
        using KubePageReader reader = new((buffer, _, token) => stream.ReadAsync(buffer[..Math.Min(buffer.Length, pieceSize())], token).AsTask());
        List<string> items = [];
        while (await reader.NextAsync(CancellationToken.None) is { } item)
        {
            items.Add(item.ToJsonString());
        }

        return (items, reader.Continue);
    }
}
