using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BackupFunctions.Engine.Catalog;
using Xunit;

namespace BackupFunctions.Tests.Engine.Catalog;

public sealed class CatalogJsonTests
{
    private static readonly CatalogJsonContext Json = CatalogJsonContext.Default;

    [Theory]
    [InlineData("t1")]
    [InlineData("t3")]
    [InlineData("t4")]
    [InlineData("v2")]
    public void A_backup_of_Velero_comes_back_with_the_same_members_in_the_same_order(string backup) =>
        AssertSameText(VeleroFixture.BackupFile(backup, "velero-backup.json"), Json.VeleroBackup);

    [Theory]
    [InlineData("t1")]
    [InlineData("v2")]
    public void Volume_infos_results_and_lists_come_back_alike(string backup)
    {
        AssertSameText(VeleroFixture.BackupFile(backup, $"{backup}-volumeinfo.json.gz"), Json.IReadOnlyListBackupVolumeInfo);
        AssertSameText(VeleroFixture.BackupFile(backup, $"{backup}-results.gz"), Json.ResultSet);
        AssertSameText(VeleroFixture.BackupFile(backup, $"{backup}-resource-list.json.gz"), Json.IReadOnlyDictionaryStringIReadOnlyListString);
        AssertSameText(VeleroFixture.BackupFile(backup, $"{backup}-itemoperations.json.gz"), Json.IReadOnlyListItemOperation);
    }

    [Fact]
    public void Pod_volume_backups_come_back_alike() =>
        AssertSameText(VeleroFixture.BackupFile("v2", "v2-podvolumebackups.json.gz"), Json.IReadOnlyListPodVolumeBackup);

    [Fact]
    public void Restore_results_come_back_alike() =>
        AssertSameText(VeleroFixture.RestoreFile("r4", "restore-r4-results.gz"), Json.ResultSet);

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    [InlineData("r4")]
    public void A_restore_of_Velero_comes_back_with_the_same_members(string restore)
    {
        // kubectl sorted the members, so only the structure is compared.
        string text = VeleroFixture.DescribeText($"{restore}.restore-cr.json");
        VeleroRestore read = JsonSerializer.Deserialize(text, Json.VeleroRestore)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonSerializer.SerializeToNode(read, Json.VeleroRestore)));
    }

    [Fact]
    public void Members_of_a_newer_Velero_are_kept()
    {
        const string Text = """
            {"kind":"Backup","apiVersion":"velero.io/v1","metadata":{"name":"a","selfLink":"/x"},"spec":{"metadata":{},"ttl":"1h0m0s","hooks":{},"csiSnapshotTimeout":"0s","itemOperationTimeout":"0s","future":{"a":1.0}},"status":{"later":true},"other":[1]}
            """;
        VeleroBackup read = JsonSerializer.Deserialize(Text, Json.VeleroBackup)!;
        Assert.Equal(TimeSpan.FromHours(1), read.Spec.Ttl);
        Assert.Equal(Text, JsonSerializer.Serialize(read, Json.VeleroBackup));
    }

    [Fact]
    public void What_is_absent_or_null_reads_as_the_default()
    {
        VeleroBackup read = JsonSerializer.Deserialize("""{"metadata":null,"spec":{"hooks":null,"includedNamespaces":[],"metadata":null},"status":null}""", Json.VeleroBackup)!;
        Assert.Equal("Backup", read.Kind);
        Assert.Equal("", read.Name);
        Assert.Null(read.Spec.IncludedNamespaces);
        Assert.Null(read.Spec.Hooks.Resources);
        Assert.Null(read.Status.Phase);
    }

    [Theory]
    [InlineData("""{"spec":{"ttl":"forever"}}""")]
    [InlineData("""{"spec":{"includedNamespaces":[null]}}""")]
    [InlineData("""{"status":{"expiration":"tomorrow"}}""")]
    public void A_wrong_value_is_a_JSON_error(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(text, Json.VeleroBackup));

    private static void AssertSameText<T>(byte[] original, JsonTypeInfo<T> type)
    {
        T read = JsonSerializer.Deserialize(original, type)!;
        string expected = Compact(JsonNode.Parse(original)!);
        string written = Compact(JsonSerializer.SerializeToNode(read, type)!);
        Assert.Equal(expected, written);
    }

    private static string Compact(JsonNode node) => node.ToJsonString();
}
