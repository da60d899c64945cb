using Xunit;

namespace BackupFunctions.Tests.Cli.Commands.Repo;

/// <summary>What all commands of <c>repo</c> have in common: how the repository is found and opened.</summary>
public sealed class RepoPlaceTests : IDisposable
{
    private readonly RepoFolder folder = new();

    [Fact]
    public async Task A_wrong_password_is_told_apart_from_a_missing_one()
    {
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
        CliRun wrong = await folder.RunWithAsync("another", "status");
        CliRun none = await folder.RunWithAsync(null, "status");
        Assert.Equal((5, "", 5, ""), (wrong.Status, wrong.Output, none.Status, none.Output));
        Assert.DoesNotContain("another", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("No password was given", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_may_end_with_white_space_as_the_secret_of_Velero()
    {
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
        await File.WriteAllTextAsync(folder.Below("password"), $"  {RepoFolder.Password}\r\n");
        Assert.Equal(0, (await folder.RunWithAsync("another", "status", "--password-file", folder.Below("password"))).Status);
        await File.WriteAllTextAsync(folder.Below("password"), "\n");
        Assert.Equal(2, (await folder.RunAsync("status", "--password-file", folder.Below("password"))).Status);
        Assert.Equal(3, (await folder.RunAsync("status", "--password-file", folder.Below("nothing"))).Status);
    }

    [Fact]
    public async Task A_place_without_a_repository_stays_as_it_is()
    {
        CliRun run = await folder.RunAsync("status");
        Assert.Equal((3, ""), (run.Status, run.Output));
        Assert.Contains("no repository", run.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Blobs);
    }

    [Theory]
    [InlineData(2, "repo status")]
    [InlineData(2, "repo")]
    [InlineData(2, "repo fly --store file:///")]
    [InlineData(2, "repo status --store /var/backups")]
    [InlineData(2, "repo status --store file:///tmp --prefix ../x")]
    [InlineData(2, "repo status --store file:///tmp --prefix /x")]
    [InlineData(2, "repo status --store file:///tmp --direct")]
    [InlineData(2, "--direct --store file:///tmp repo status")]
    [InlineData(3, "repo status --store file:///nowhere/at/all")]
    [InlineData(5, "repo status --store s3://bucket?endpoint=http://127.0.0.1:9")]
    public async Task Bad_places_are_refused_with_a_message(int status, string line)
    {
        CliRun run = await CliRun.OfAsync(line.Split(' '));
        Assert.Equal((status, ""), (run.Status, run.Output));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
