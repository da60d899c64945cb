using BackupFunctions.Tests.Engine.Runs;
using Xunit;

namespace BackupFunctions.Tests.Cli.Client;

/// <summary>The command line on the engine alone: a folder as store, a folder as cluster.</summary>
public sealed class DirectTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DirectTests()
    {
        SmallCluster.Write(folder.Below("cluster"));
        Directory.CreateDirectory(folder.Below("store"));
    }

    [Fact]
    public async Task A_backup_and_its_restore_run_to_their_end_in_this_process()
    {
        string before = Trees.Describe(folder.Below("cluster", "volumes", "app-data-pvc-1"));
        CliRun backup = await RunAsync("backup create one --include-namespaces app");
        Assert.Equal((0, ""), (backup.Status, backup.Error));
        Assert.Contains("Backup completed with status: Completed.", backup.Output, StringComparison.Ordinal);

        CliRun restore = await RunAsync("restore create back --from-backup one --namespace-mappings app:copy");
        Assert.Equal((0, ""), (restore.Status, restore.Error));
        string copy = Assert.Single(Directory.GetDirectories(folder.Below("cluster", "volumes"), "copy-data-*"));
        Assert.Equal(before, Trees.Describe(copy));

        Assert.Matches("(?m)^one +Completed +0 +0 ", (await RunAsync("backup get")).Output);
        Assert.Matches("(?m)^back +one +Completed ", (await RunAsync("get restores")).Output);
        Assert.Contains("Phase:  Completed", (await RunAsync("backup describe one --details")).Output, StringComparison.Ordinal);
        Assert.Contains("Backup:  one", (await RunAsync("restore describe back")).Output, StringComparison.Ordinal);
        Assert.Contains("level=info", (await RunAsync("restore logs back")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_what_is_wrong_writes_nothing_and_says_why()
    {
        Assert.Equal(2, (await RunAsync("backup create one --include-namespaces nowhere")).Status);
        Assert.Equal(3, (await RunAsync("restore create r --from-backup nothing")).Status);
        Assert.Equal(3, (await RunAsync("backup cancel nothing")).Status);
        Assert.Empty(Directory.GetFiles(folder.Below("store"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict_and_a_deleted_one_is_free()
    {
        Assert.Equal(0, (await RunAsync("backup create one --include-namespaces other")).Status);
        Assert.Equal(4, (await RunAsync("backup create one --include-namespaces other")).Status);
        Assert.Equal(0, (await RunAsync("backup delete one --confirm")).Status);
        Assert.Equal(3, (await RunAsync("backup get one")).Status);
        Assert.Equal(0, (await RunAsync("backup create one --include-namespaces other")).Status);
    }

    [Fact]
    public async Task Looking_at_backups_needs_no_cluster()
    {
        Assert.Equal(0, (await RunAsync("backup create one --include-namespaces other")).Status);
        CliRun run = await CliRun.OfAsync(["backup", "get", "--direct", "--store", $"file://{folder.Below("store")}"]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Contains("one", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_folder_that_is_not_there_is_not_made()
    {
        CliRun run = await CliRun.OfAsync(["backup", "get", "--direct", "--store", $"file://{folder.Below("typo")}"]);
        Assert.Equal(3, run.Status);
        Assert.False(Directory.Exists(folder.Below("typo")));
    }

    [Fact]
    public async Task Credentials_that_are_missing_are_asked_for()
    {
        CliRun run = await CliRun.OfAsync(["backup", "get", "--direct", "--store", "s3://bucket?endpoint=http://127.0.0.1:9"]);
        Assert.Equal(5, run.Status);
        Assert.Contains("AWS_ACCESS_KEY_ID", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schedules_of_a_store_can_be_changed_and_run()
    {
        Assert.Equal(0, (await RunAsync("schedule create mine --schedule @hourly --include-namespaces other")).Status);
        Assert.Contains("Schedule mine paused successfully", (await RunAsync("schedule pause mine")).Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^mine .* true$", (await RunAsync("schedule get")).Output);
        CliRun run = await RunAsync("schedule run mine");
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Matches(@"Backup request ""mine-\d{14}"" submitted successfully", run.Output);
        Assert.Equal(0, (await RunAsync("schedule delete mine --confirm")).Status);
        Assert.Equal(3, (await RunAsync("schedule get mine")).Status);
    }

    public void Dispose() => folder.Dispose();

    private Task<CliRun> RunAsync(string line) => CliRun.OfAsync(
        [.. line.Split(' '), "--direct", "--store", $"file://{folder.Below("store")}", "--cluster-folder", folder.Below("cluster")],
        environment: new Dictionary<string, string> { ["REPOSITORY_PASSWORD"] = "a password of a test" });
}
