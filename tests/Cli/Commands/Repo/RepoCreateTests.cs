using System.Text.Json.Nodes;
using Xunit;

namespace BackupFunctions.Tests.Cli.Commands.Repo;

public sealed class RepoCreateTests : IDisposable
{
    private readonly RepoFolder folder = new();

    [Fact]
    public async Task Every_choice_of_a_new_repository_is_in_its_status()
    {
        CliRun create = await folder.RunAsync(
            "create", "--hash", "blake3-256-128", "--encryption", "CHACHA20-POLY1305-HMAC-SHA256", "--splitter", "FIXED-1M",
            "--key-derivation", "pbkdf2-sha256-600000", "--format-version", "2", "--pack-size", "40M");
        Assert.Equal((0, ""), (create.Status, create.Error));
        CliRun status = await folder.RunAsync("status", "-o", "json");
        Assert.Equal((0, ""), (status.Status, status.Error));
        JsonNode format = JsonNode.Parse(status.Output)!["format"]!;
        string[] found = [.. new[] { "hash", "encryption", "splitter", "keyDerivation", "formatVersion", "maxPackBytes" }.Select(name => format[name]!.ToString())];
        Assert.Equal(["BLAKE3-256-128", "CHACHA20-POLY1305-HMAC-SHA256", "FIXED-1M", "pbkdf2-sha256-600000", "2", "41943040"], found);
    }

    [Fact]
    public async Task For_Velero_the_repository_is_marked_as_set_up()
    {
        Assert.Equal(0, (await folder.RunAsync("create", "--velero")).Status);
        Assert.Contains("kopia/app/udmrepo.Repository", folder.Blobs);
    }

    [Theory]
    [InlineData("--hash md5")]
    [InlineData("--encryption none")]
    [InlineData("--splitter FIXED-3M")]
    [InlineData("--key-derivation argon2")]
    [InlineData("--format-version 4")]
    [InlineData("--pack-size 1M")]
    [InlineData("--pack-size 9999T")]
    [InlineData("--pack-size large")]
    [InlineData("--retention-mode LOCKED --retention-period 48h")]
    [InlineData("--retention-mode GOVERNANCE")]
    [InlineData("--retention-period 48h")]
    [InlineData("--ecc REED-SOLOMON-CRC32")]
    [InlineData("--server http://127.0.0.1")]
    public async Task What_is_not_known_is_refused_before_anything_is_written(string words)
    {
        CliRun run = await folder.RunAsync(["create", .. words.Split(' ')]);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Blobs);
    }

    [Fact]
    public async Task A_new_repository_needs_a_password_of_its_own()
    {
        CliRun run = await folder.RunWithAsync(null, "create");
        Assert.Equal(2, run.Status);
        Assert.Contains("REPOSITORY_PASSWORD", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await folder.RunWithAsync(" ", "create")).Status);
        Assert.Empty(folder.Blobs);
    }

    [Fact]
    public async Task No_repository_is_created_where_something_lies()
    {
        Assert.Equal(0, (await folder.RunAsync("create")).Status);
        IReadOnlyList<string> before = folder.Blobs;
        Assert.Equal(4, (await folder.RunAsync("create")).Status);
        Assert.Equal(before, folder.Blobs);
    }

    public void Dispose() => folder.Dispose();
}
