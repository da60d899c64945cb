using System.Text.Json.Nodes;
using BackupFunctions.Engine.Files;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Cli.Commands.Repo;

/// <summary>Snapshots taken, listed, looked into, restored and deleted by commands.</summary>
public sealed class SnapshotTests : IAsyncLifetime, IDisposable
{
    private readonly RepoFolder folder = new();

    private string Tree => folder.Below("tree");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Tree, "below"));
        await File.WriteAllTextAsync(Path.Combine(Tree, "below", "file"), "some text");
        await File.WriteAllBytesAsync(Path.Combine(Tree, "bytes"), [0, 1, 2, 255, 10]);
        File.CreateSymbolicLink(Path.Combine(Tree, "link"), "below/file");
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_second_snapshot_of_the_same_folder_reads_only_what_changed()
    {
        JsonNode first = await CreateAsync("--description", "before the change", "--tag", "a:b", "--pin", "keep");
        await File.WriteAllTextAsync(Path.Combine(Tree, "new"), "x");
        JsonNode second = await CreateAsync();
        Assert.Equal((2, 0), ((int)first["readFiles"]!, (int)first["unchangedFiles"]!));
        Assert.Equal(1, (int)second["readFiles"]!);
        JsonArray listed = JsonNode.Parse((await folder.RunAsync("snapshot", "list", "-o", "json")).Output)!.AsArray();
        Assert.Equal([(string?)first["id"], (string?)second["id"]], listed.Select(snapshot => (string?)snapshot!["id"]));
        Assert.Equal(("before the change", "b", "keep"), ((string?)listed[0]!["description"], (string?)listed[0]!["tags"]!["tag:a"], (string?)listed[0]!["pins"]![0]));
        Assert.Equal(Tree, (string?)listed[0]!["source"]!["path"]);
    }

    [Fact]
    public async Task A_slash_behind_the_folder_makes_no_other_source_of_it() // as with Kopia, whose snapshots of it would not be followed otherwise
    {
        await CreateAsync();
        JsonNode second = JsonNode.Parse((await folder.RunAsync("snapshot", "create", Tree + "/", "-o", "json")).Output)!;
        Assert.Equal((0, 3), ((int)second["readFiles"]!, (int)second["unchangedFiles"]!));
        JsonArray listed = JsonNode.Parse((await folder.RunAsync("snapshot", "list", "-o", "json")).Output)!.AsArray();
        Assert.Equal([Tree, Tree], listed.Select(snapshot => (string?)snapshot!["source"]!["path"]));
    }

    [Fact]
    public async Task Files_are_compressed_when_that_is_asked_for()
    {
        await File.WriteAllTextAsync(Path.Combine(Tree, "long"), new string('x', 1_000_000));
        long before = PackedBytes();
        await CreateAsync("--compression", "zstd-fastest");
        Assert.InRange(PackedBytes() - before, 1, 100_000);
        CliRun refused = await folder.RunAsync("snapshot", "create", Tree, "--compression", "lz4");
        Assert.Equal(2, refused.Status);
        Assert.Contains("zstd-fastest", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_restored_is_what_was_there()
    {
        await CreateAsync();
        CliRun restore = await folder.RunAsync("restore", "latest", folder.Below("back"), "--sync");
        Assert.Equal((0, ""), (restore.Status, restore.Error));
        Assert.Equal(Trees.Describe(Tree), Trees.Describe(folder.Below("back")));
        Assert.Matches(@"^Restored 2 files, 1 symbolic link, 14 B of snapshot .* in \d+\.\d s\n$", restore.Output);
    }

    [Fact]
    public async Task A_file_is_restored_and_printed_by_its_path()
    {
        string id = (string)(await CreateAsync())["id"]!;
        Assert.Equal(0, (await folder.RunAsync("restore", $"{id[..6]}/below/file", folder.Below("one"))).Status);
        Assert.Equal("some text", await File.ReadAllTextAsync(folder.Below("one")));
        CliRun cat = await folder.RunAsync("cat", "latest/bytes");
        Assert.Equal((0, ""), (cat.Status, cat.Error));
        Assert.Equal([0, 1, 2, 255, 10], cat.Bytes);
    }

    [Fact]
    public async Task Listings_show_pipes_too()
    {
        using (DirectoryHandle below = DirectoryHandle.Open(Path.Combine(Tree, "below")))
        {
            below.CreateNode(FileName.Parse("pipe"), FileKind.Fifo, 0, 0);
            below.SetPermissions(FileName.Parse("pipe"), 0x1A0);
        }

        await CreateAsync();
        Assert.Equal("below/\nbelow/file\nbelow/pipe\nbytes\nlink\n", (await folder.RunAsync("ls", "latest", "-r")).Output);
        Assert.Matches(@"\nprw-r----- +\d+ +\d+ +0 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d pipe\n$", (await folder.RunAsync("ls", "latest/below", "-l")).Output);
        Assert.Contains("\"path\":\"pipe\",\"kind\":\"pipe\"", (await folder.RunAsync("ls", "latest/below", "-o", "json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listings_show_names_kinds_and_sizes()
    {
        await CreateAsync();
        Assert.Equal("below/\nbytes\nlink\n", (await folder.RunAsync("ls", "latest")).Output);
        Assert.Equal("below/\nbelow/file\nbytes\nlink\n", (await folder.RunAsync("ls", "latest/", "-r")).Output);
        Assert.Matches(@"^-rw\S+ +\d+ +\d+ +9 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d file\n$", (await folder.RunAsync("ls", "latest/below", "-l")).Output);
        string[] lines = (await folder.RunAsync("ls", "latest", "-o", "json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["directory", "file", "symlink"], lines.Select(line => (string?)JsonNode.Parse(line)!["kind"]));
    }

    [Fact]
    public async Task A_target_with_something_in_it_needs_a_word_about_that()
    {
        await CreateAsync();
        string target = folder.Below("back");
        Directory.CreateDirectory(target);
        await File.WriteAllTextAsync(Path.Combine(target, "bytes"), "mine");
        await File.WriteAllTextAsync(Path.Combine(target, "extra"), "mine");
        Assert.Equal(4, (await folder.RunAsync("restore", "latest", target)).Status);
        Assert.Equal(2, Directory.GetFiles(target).Length);
        CliRun skip = await folder.RunAsync("restore", "latest", target, "--skip-existing");
        Assert.Equal(("mine", 0), (await File.ReadAllTextAsync(Path.Combine(target, "bytes")), skip.Status));
        Assert.Contains("1 left alone", skip.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await folder.RunAsync("restore", "latest", target, "--overwrite", "--delete-extra")).Status);
        Assert.Equal(Trees.Describe(Tree), Trees.Describe(target));
    }

    [Fact]
    public async Task Snapshots_are_deleted_all_or_none()
    {
        string[] ids = [(string)(await CreateAsync())["id"]!, (string)(await CreateAsync())["id"]!];
        Assert.Equal(2, (await folder.RunAsync("snapshot", "delete", ids[0])).Status); // nobody to ask
        Assert.Equal(3, (await folder.RunAsync("snapshot", "delete", ids[0], "00000000", "--confirm")).Status);
        Assert.Equal(2, (await folder.RunAsync("snapshot", "delete", "latest"[..3], "--confirm")).Status);
        Assert.Equal(3, (await folder.RunAsync("snapshot", "delete", "latest", "--confirm")).Status);
        Assert.Equal(2, JsonNode.Parse((await folder.RunAsync("snapshot", "list", "-o", "json")).Output)!.AsArray().Count);
        Assert.Equal(0, (await folder.RunAsync(["snapshot", "delete", .. ids, "--confirm"])).Status);
        Assert.Equal("No snapshots found\n", (await folder.RunAsync("snapshot", "list", "--all")).Output);
    }

    [Fact]
    public async Task The_latest_of_several_sources_is_asked_for()
    {
        await CreateAsync();
        await CreateAsync("--source", "default@default:some/volume");
        CliRun doubtful = await folder.RunAsync("ls", "latest");
        Assert.Equal(2, doubtful.Status);
        Assert.Contains("--source", doubtful.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await folder.RunAsync("ls", "latest", "--source", "default@default:some/volume")).Status);
    }

    [Fact]
    public async Task Statistics_count_contents_by_kind()
    {
        await CreateAsync();
        await CreateAsync();
        JsonNode stats = JsonNode.Parse((await folder.RunAsync("stats", "-o", "json")).Output)!;
        Assert.Equal((3, 2), ((int)stats["contents"]!["fileData"]!["count"]!, (int)stats["contents"]!["directories"]!["count"]!));
        Assert.Equal((2, 28), ((int)stats["snapshots"]!, (int)stats["snapshotBytes"]!));
        Assert.Contains("Deduplication:", (await folder.RunAsync("stats")).Output, StringComparison.Ordinal);
        Assert.Contains("2 of 1 source", (await folder.RunAsync("status")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "snapshot create TREE/nothing")]
    [InlineData(2, "snapshot create TREE/bytes")]
    [InlineData(2, "snapshot create TREE --source nobody")]
    [InlineData(2, "snapshot create TREE --parallel 0")]
    [InlineData(2, "snapshot create TREE --tag novalue")]
    [InlineData(2, "snapshot create")]
    [InlineData(3, "ls latest")]
    [InlineData(3, "ls 0123456789abcdef0123456789abcdef")]
    [InlineData(2, "ls 012")]
    [InlineData(3, "cat latest/x")]
    [InlineData(3, "restore latest TREE/new")]
    [InlineData(2, "restore latest TREE --overwrite --skip-existing")]
    [InlineData(2, "restore latest TREE --skip-existing --delete-extra")]
    public async Task Bad_input_is_refused_and_leaves_all_as_it_was(int status, string line)
    {
        (IReadOnlyList<string> blobs, string tree) = (folder.Blobs, Trees.Describe(Tree));
        CliRun run = await folder.RunAsync(line.Replace("TREE", Tree, StringComparison.Ordinal).Split(' '));
        Assert.Equal((status, ""), (run.Status, run.Output));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(blobs, folder.Blobs);
        Assert.Equal(tree, Trees.Describe(Tree));
    }

    [Fact]
    public async Task A_path_that_a_snapshot_does_not_have_is_told_apart_from_a_folder()
    {
        await CreateAsync();
        Assert.Equal(3, (await folder.RunAsync("restore", "latest/nothing", folder.Below("back"))).Status);
        Assert.Equal(3, (await folder.RunAsync("ls", "latest/bytes/x")).Status);
        Assert.Equal(2, (await folder.RunAsync("cat", "latest/below")).Status);
        Assert.False(Directory.Exists(folder.Below("back")));
    }

    public void Dispose() => folder.Dispose();

    private long PackedBytes() => folder.Blobs.Where(static blob => blob.StartsWith("kopia/app/p", StringComparison.Ordinal)).Sum(blob => new FileInfo(Path.Combine(folder.Store, blob)).Length);

    private async Task<JsonNode> CreateAsync(params string[] words)
    {
        CliRun run = await folder.RunAsync(["snapshot", "create", Tree, "-o", "json", .. words]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        return JsonNode.Parse(run.Output)!;
    }
}
