using System.Text.Json.Nodes;
using Xunit;

namespace BackupFunctions.Tests.Cli.Commands;

public sealed class CreateTests
{
    [Fact]
    public async Task Every_filter_of_a_backup_reaches_its_spec()
    {
        CliRun run = await CliRun.OfAsync([
            "backup", "create", "b1", "-o", "json", "--include-namespaces", "a,b", "--include-namespaces", "c", "--exclude-namespaces", "d",
            "--include-resources", "pods,deployments.apps", "--exclude-resources", "events", "--include-cluster-resources=false",
            "-l", "app=web,tier in (x,y)", "--or-selector", "a=1 or b=2", "--labels", "k=v", "--annotations", "n=1,m=2", "--ttl", "72h30m",
            "--storage-location", "default", "--default-volumes-to-fs-backup",
        ]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        JsonNode backup = JsonNode.Parse(run.Output)!;
        JsonNode spec = backup["spec"]!;
        Assert.Equal("""["a","b","c"]""", spec["includedNamespaces"]!.ToJsonString());
        Assert.Equal("""["d"]""", spec["excludedNamespaces"]!.ToJsonString());
        Assert.Equal("""["pods","deployments.apps"]""", spec["includedResources"]!.ToJsonString());
        Assert.Equal("""["events"]""", spec["excludedResources"]!.ToJsonString());
        Assert.Equal("false", spec["includeClusterResources"]!.ToJsonString());
        Assert.Equal("""{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["x","y"]}]}""", spec["labelSelector"]!.ToJsonString());
        Assert.Equal("""[{"matchLabels":{"a":"1"}},{"matchLabels":{"b":"2"}}]""", spec["orLabelSelectors"]!.ToJsonString());
        Assert.Equal("72h30m0s", (string?)spec["ttl"]);
        Assert.Equal("default", (string?)spec["storageLocation"]);
        Assert.Equal("true", spec["defaultVolumesToFsBackup"]!.ToJsonString());
        Assert.Equal("""{"k":"v"}""", backup["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""{"m":"2","n":"1"}""", backup["metadata"]!["annotations"]!.ToJsonString());
    }

    [Fact]
    public async Task Every_choice_of_a_restore_reaches_its_spec()
    {
        CliRun run = await CliRun.OfAsync([
            "create", "restores", "r1", "--from-backup", "b1", "-o", "json", "--include-namespaces", "a", "--namespace-mappings", "a:b,c:d",
            "--existing-resource-policy", "update", "--preserve-nodeports", "--restore-volumes=false", "--include-cluster-resources", "true", "-l", "app=web",
        ]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(
            """{"backupName":"b1","includedNamespaces":["a"],"namespaceMapping":{"a":"b","c":"d"},"labelSelector":{"matchLabels":{"app":"web"}},"restorePVs":false,"preserveNodePorts":true,"includeClusterResources":true,"hooks":{},"existingResourcePolicy":"update","itemOperationTimeout":"0s"}""",
            JsonNode.Parse(run.Output)!["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task A_restore_without_a_name_is_called_after_its_backup_and_the_time()
    {
        CliRun run = await CliRun.OfAsync(["restore", "create", "--from-backup", "b1", "-o", "json"]);
        Assert.Matches(@"^b1-\d{14}$", (string?)JsonNode.Parse(run.Output)!["metadata"]!["name"]);
    }

    [Fact]
    public async Task A_schedule_may_be_written_with_a_word()
    {
        CliRun run = await CliRun.OfAsync(["schedule", "create", "nightly", "--schedule", "@daily", "--include-namespaces", "a", "--paused", "-o", "yaml"]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Contains("kind: Schedule\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("@daily", run.Output, StringComparison.Ordinal);
        Assert.Contains("  paused: true\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup create")]
    [InlineData("backup create a/b")]
    [InlineData("backup create A")]
    [InlineData("backup create b --ttl 5x")]
    [InlineData("backup create b --ttl -5h")]
    [InlineData("backup create b --labels novalue")]
    [InlineData("backup create b --labels a=1,a=2")]
    [InlineData("backup create b -l a==b==c")]
    [InlineData("backup create b --storage-location elsewhere")]
    [InlineData("backup create b --from-schedule s --include-namespaces x")]
    [InlineData("backup create b --snapshot-volumes")]
    [InlineData("backup create b -o xml")]
    [InlineData("restore create r")]
    [InlineData("restore create r --from-backup b --from-schedule s")]
    [InlineData("restore create r --from-backup b --allow-partially-failed")]
    [InlineData("restore create r --from-backup b --existing-resource-policy overwrite")]
    [InlineData("restore create r --from-backup b --namespace-mappings a")]
    [InlineData("schedule create s")]
    [InlineData("schedule create s --schedule never")]
    [InlineData("backup delete")]
    [InlineData("backup delete b --all")]
    [InlineData("backup get --store file:///x")]
    [InlineData("backup get --direct --server http://x --store file:///x")]
    [InlineData("backup get --direct")]
    [InlineData("backup get --server x")]
    [InlineData("backup get --server http://user:secret@host")]
    [InlineData("backup")]
    [InlineData("backup fly")]
    public async Task Bad_input_is_refused_with_a_message_and_sends_nothing(string line)
    {
        using FakeApp app = new();
        CliRun run = await CliRun.OfAsync([.. line.Split(' ')], () => app);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        Assert.Empty(app.Requests);
    }

    [Theory]
    [InlineData("backup create")]
    [InlineData("create backups")]
    [InlineData("restores describe")]
    [InlineData("describe restore")]
    [InlineData("schedule get")]
    [InlineData("get schedules")]
    [InlineData("backups delete")]
    [InlineData("delete backup")]
    [InlineData("store check")]
    [InlineData("demo")]
    public async Task Every_command_has_help(string line)
    {
        CliRun run = await CliRun.OfAsync([.. line.Split(' '), "--help"]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }
}
