using System.Text.Json.Nodes;
using Xunit;

namespace BackupFunctions.Tests.Cli.Commands.Repo;

/// <summary>Damage is found, told and, where that is possible, repaired by commands.</summary>
public sealed class RepoVerifyTests : IAsyncLifetime, IDisposable
{
    private readonly RepoFolder folder = new();

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(folder.Below("tree", "below"));
        await File.WriteAllTextAsync(folder.Below("tree", "below", "file"), "some text");
        await File.WriteAllTextAsync(folder.Below("tree", "other"), "other text");
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
        Assert.Equal(0, (await folder.RunAsync("snapshot", "create", folder.Below("tree"))).Status);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_whole_repository_is_told_to_be_whole()
    {
        CliRun run = await folder.RunAsync("verify", "--full");
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.EndsWith("No damage was found.\n", run.Output, StringComparison.Ordinal);
        JsonNode report = JsonNode.Parse((await folder.RunAsync("verify", "--contents", "100", "-o", "json")).Output)!;
        Assert.Equal((true, 1, 2), ((bool)report["isWhole"]!, (int)report["snapshots"]!, (int)report["files"]!));
        Assert.Equal((long)report["contents"]!, (long)report["contentsRead"]!);
        Assert.Equal(2, (await folder.RunAsync("verify", "--contents", "101")).Status);
        Assert.Equal(2, (await folder.RunAsync("verify", "--full", "--contents", "5")).Status);
    }

    [Fact]
    public async Task The_files_that_a_lost_pack_held_are_named_and_the_status_says_damage()
    {
        string pack = Blob("p");
        File.Delete(Path.Combine(folder.Store, pack));
        CliRun run = await folder.RunAsync("verify");
        Assert.Equal(7, run.Status);
        Assert.Contains("below/file of snapshot", run.Output, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(pack), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_index_is_found_and_repaired()
    {
        string index = Blob("xn");
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Store, index));
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(folder.Store, index), bytes);
        Assert.Equal(7, (await folder.RunAsync("verify")).Status);
        Assert.Equal(7, (await folder.RunAsync("snapshot", "list")).Status);
        IReadOnlyList<string> before = folder.Blobs;

        CliRun plan = await folder.RunAsync("repair", "--dry-run");
        Assert.Equal(0, plan.Status);
        Assert.Equal(before, folder.Blobs);
        Assert.Contains("would be moved out of the way", plan.Output, StringComparison.Ordinal);
        JsonNode report = JsonNode.Parse((await folder.RunAsync("repair", "-o", "json")).Output)!;

        Assert.True((long)report["contentsRecovered"]! > 0);
        Assert.Equal(0, (await folder.RunAsync("verify", "--full")).Status);
        Assert.Equal(0, (await folder.RunAsync("restore", "latest", folder.Below("back"))).Status);
        Assert.Equal("some text", await File.ReadAllTextAsync(folder.Below("back", "below", "file")));
        Assert.Contains("Nothing had to be repaired.", (await folder.RunAsync("repair")).Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string Blob(string prefix) => folder.Blobs.Where(name => Path.GetFileName(name).StartsWith(prefix, StringComparison.Ordinal)).MaxBy(name => new FileInfo(Path.Combine(folder.Store, name)).Length)!;
}
