using System.Text.Json.Nodes;
using Xunit;

namespace BackupFunctions.Tests.Cli.Commands.Repo;

/// <summary>Space of deleted snapshots comes back by a command.</summary>
public sealed class RepoMaintainTests : IDisposable
{
    private readonly RepoFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_space_of_a_deleted_snapshot_is_freed_and_told()
    {
        Directory.CreateDirectory(folder.Below("tree"));
        await File.WriteAllBytesAsync(folder.Below("tree", "large"), new Random(1).GetItems<byte>([.. Enumerable.Range(0, 256).Select(static i => (byte)i)], 1_000_000));
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
        Assert.Equal(0, (await folder.RunAsync("snapshot", "create", folder.Below("tree"))).Status);
        string id = (string)JsonNode.Parse((await folder.RunAsync("snapshot", "list", "-o", "json")).Output)![0]!["id"]!;
        Assert.Equal(0, (await folder.RunAsync("snapshot", "delete", "--confirm", id)).Status);

        CliRun run = await folder.RunAsync("maintain", "--full", "--safety", "none", "-o", "json");

        Assert.Equal((0, ""), (run.Status, run.Error));
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal("Full", (string)report["mode"]!);
        Assert.InRange((long)report["freedBytes"]!, 1_000_000, 2_000_000);
        Assert.DoesNotContain(folder.Blobs, static blob => Path.GetFileName(blob).StartsWith('p'));
        Assert.StartsWith("Nothing is due", (await folder.RunAsync("maintain")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_owners_repository_is_refused()
    {
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
        Assert.Equal(0, (await folder.RunAsync("maintain", "--full", "--owner", "somebody@else")).Status);

        CliRun refused = await folder.RunAsync("maintain", "--full");

        Assert.NotEqual(0, refused.Status);
        Assert.Contains("somebody@else", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await folder.RunAsync("maintain", "--quick", "--force")).Status);
        Assert.Equal(2, (await folder.RunAsync("maintain", "--quick", "--full")).Status);
    }
}
