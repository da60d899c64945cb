using BackupFunctions.Cli.Demo;
using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Cli.Demo;

public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_demo_gets_everything_back()
    {
        CliRun run = await CliRun.OfAsync(["demo", "--folder", folder.Below("demo")]);
        Assert.True(run is { Status: 0, Error: "" }, run.Output + run.Error);
        Assert.Contains("✓ nothing is lost", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_leaves_a_folder_alone_that_holds_something()
    {
        await File.WriteAllTextAsync(folder.Below("mine.txt"), "mine");
        CliRun run = await CliRun.OfAsync(["demo", "--folder", folder.Path]);
        Assert.Equal(4, run.Status);
        Assert.Equal([folder.Below("mine.txt")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("content")]
    [InlineData("time")]
    [InlineData("mode")]
    [InlineData("gone")]
    [InlineData("new")]
    [InlineData("object")]
    public async Task The_comparison_sees_what_has_changed(string change)
    {
        string cluster = folder.Below("cluster");
        SmallCluster.Write(cluster);
        ClusterState before = await ClusterState.ReadAsync(cluster, TimeProvider.System, CancellationToken.None);
        Assert.Empty(before.DifferencesTo(await ClusterState.ReadAsync(cluster, TimeProvider.System, CancellationToken.None)));

        string file = Path.Combine(cluster, "volumes", "app-data-pvc-1", "readme.txt");
        DateTime time = File.GetLastWriteTimeUtc(file);
        switch (change)
        {
            case "content":
                byte[] bytes = await File.ReadAllBytesAsync(file);
                bytes[0] ^= 1;
                await File.WriteAllBytesAsync(file, bytes);
                File.SetLastWriteTimeUtc(file, time);
                break;
            case "time":
                File.SetLastWriteTimeUtc(file, time.AddTicks(10));
                break;
            case "mode":
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) ^ UnixFileMode.OtherExecute);
                break;
            case "gone":
                File.Delete(file);
                break;
            case "new":
                await File.WriteAllTextAsync(file + "2", "");
                break;
            case "object":
                string configMap = Path.Combine(cluster, "objects", "configmaps", "app", "settings.yaml");
                await File.WriteAllTextAsync(configMap, (await File.ReadAllTextAsync(configMap)).Replace("blue", "green", StringComparison.Ordinal));
                break;
        }

        Assert.NotEmpty(before.DifferencesTo(await ClusterState.ReadAsync(cluster, TimeProvider.System, CancellationToken.None)));
    }

    public void Dispose() => folder.Dispose();
}
