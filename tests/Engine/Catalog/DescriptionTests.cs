using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Schedules;
using BackupFunctions.Engine.Storage.Folder;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class DescriptionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("t1")]
    [InlineData("t4")]
    [InlineData("v2")]
    public async Task A_backup_is_described_as_Velero_describes_it(string backup)
    {
        BackupDetails details = await ReadAsync(backup);
        Assert.Equal(VeleroFixture.DescribeText($"{backup}.describe.txt"), Describe(output => BackupDescription.Write(output, details, withDetails: true)));
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r4")]
    public async Task A_restore_is_described_as_Velero_describes_it(string restore)
    {
        RestoreCatalog catalog = new(new FolderBlobStore(VeleroFixture.PathOf("namespace-bucket"), TimeProvider.System));
        RestoreName name = RestoreName.Parse(restore);
        RestoreDetails details = new()
        {
            Restore = JsonSerializer.Deserialize(VeleroFixture.DescribeText($"{restore}.restore-cr.json"), CatalogJsonContext.Default.VeleroRestore)!,
            Results = await catalog.ReadResultsAsync(name, None),
            VolumeInfos = await catalog.ReadVolumeInfosAsync(name, None),
            ResourceList = await catalog.ReadResourceListAsync(name, None),
        };
        Assert.Equal(VeleroFixture.DescribeText($"{restore}.describe.txt"), Describe(output => RestoreDescription.Write(output, details, withDetails: true)));
    }

    [Fact]
    public async Task The_JSON_description_has_all_that_Velero_s_has()
    {
        JsonObject ours = BackupDescription.ToJson(await ReadAsync("t1"), withDetails: true);
        JsonObject resources = (JsonObject)ours["spec"]!["resources"]!;
        foreach (string added in new[] { "excludedClusterScoped", "excludedNamespaceScoped", "includedClusterScoped", "includedNamespaceScoped" })
        {
            Assert.True(resources.Remove(added));
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(VeleroFixture.DescribeText("t1.describe.json")), ours), ours.ToJsonString());
    }

    [Fact]
    public async Task Without_details_there_are_counts_only()
    {
        BackupDetails details = await ReadAsync("v2");
        string text = Describe(output => BackupDescription.Write(output, details, withDetails: false));
        Assert.Contains("  Pod Volume Backups - kopia (specify --details for more information):\n    Completed:  2\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Resource List", text, StringComparison.Ordinal);
        Assert.Equal(2, BackupDescription.ToJson(details, withDetails: false)["status"]!["backupVolumes"]!["podVolumeBackups"]!["Completed"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_went_wrong_and_what_was_skipped_is_said()
    {
        BackupDetails details = await ReadAsync("v2");
        details = details with
        {
            Backup = details.Backup with
            {
                Spec = details.Backup.Spec with
                {
                    Hooks = new BackupHooks
                    {
                        Resources =
                        [
                            new BackupResourceHookSpec { Name = "freeze", Pre = [new BackupResourceHook { Exec = new ExecHook { Container = "db", Command = ["/bin/sh", "-c", "sync"], OnError = "Fail", Timeout = TimeSpan.FromSeconds(30) } }] },
                        ],
                    },
                },
                Status = details.Backup.Status with { Phase = BackupPhase.PartiallyFailed, Errors = 2, Warnings = 0 },
            },
            Results = new ResultSet { Errors = new Result { Velero = ["a\u001b[31m red", "b"], Namespaces = new Dictionary<string, IReadOnlyList<string>> { ["vol"] = ["c", "d"] } } },
            VolumeInfos = [.. details.VolumeInfos, new BackupVolumeInfo { PvcName = "big", PvcNamespace = "vol", Skipped = true, SkippedReason = "not mounted" }],
        };
        string text = Describe(output => BackupDescription.Write(output, details, withDetails: true));
        Assert.Contains("Phase:  PartiallyFailed (run `backupctl backup logs v2` for more information)\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "Errors:\n  Velero:     a\uFFFD[31m red\n              b\n  Cluster:    <none>\n  Namespaces:\n    vol:  c\n          d\n\nNamespaces:\n", text, StringComparison.Ordinal);
        Assert.Contains("  Skipped Volumes:\n    vol/big:  not mounted\n", text, StringComparison.Ordinal);
        Assert.Contains("      Pre Exec Hook:\n        Container:  db\n        Command:    /bin/sh -c sync\n        On Error:   Fail\n        Timeout:    30s\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Warnings:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_is_described_with_its_template()
    {
        VeleroSchedule schedule = ScheduleFile.Parse(DefaultSchedules.Yaml, "defaults")[0];
        string text = Describe(output => ScheduleDescription.Write(output, schedule));
        Assert.StartsWith(
            "Name:         daily-stateful\nNamespace:    velero\nLabels:       <none>\nAnnotations:  <none>\n\nPhase:  New\n\nPaused:  false\n\nSchedule:  0 3 * * *\n\nBackup Template:\n  Namespaces:\n    Included:  arr, monitoring, auth\n    Excluded:  <none>\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("\n  TTL:  168h0m0s\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n  Hooks:  <none>\n\nLast Backup:  <never>\n", text, StringComparison.Ordinal);
    }

    private static Task<BackupDetails> ReadAsync(string backup) =>
        new BackupCatalog(new FolderBlobStore(VeleroFixture.PathOf(backup == "v2" ? "volumes-bucket" : "namespace-bucket"), TimeProvider.System))
            .ReadDetailsAsync(BackupName.Parse(backup), None);

    private static string Describe(Action<TextWriter> write)
    {
        using StringWriter output = new() { NewLine = "\n" };
        write(output);
        return output.ToString();
    }
}
