using System.Text.Json;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Functions.Hosting.Http;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"spce":{}}""", "$.spce")]
    [InlineData("""{"spec":{"includedNamespace":["a"]}}""", "$.spec.includedNamespace")]
    [InlineData("""{"metadata":{"Name":"b"}}""", "$.metadata.Name")]
    [InlineData("""{"spec":{"labelSelector":{"matchExpressions":[{"key":"a","operator":"In","value":["b"]}]}}}""", "$.spec.labelSelector.matchExpressions[0].value")]
    [InlineData("""{"spec":{"hooks":{"resources":[{"names":"x"}]}}}""", "$.spec.hooks.resources[0].names")]
    public void A_member_that_the_type_does_not_have_is_refused_by_name(string json, string member) =>
        Assert.Contains(member + " ", Refusal(json).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"spec":{"ttl":true}}""", "$.spec.ttl")]
    [InlineData("""{"spec":{"includedNamespaces":"a"}}""", "$.spec.includedNamespaces")]
    [InlineData("""{"spec":{"snapshotVolumes":"yes"}}""", "$.spec.snapshotVolumes")]
    [InlineData("null", "null")]
    [InlineData("[]", "$")]
    public void A_value_that_does_not_fit_is_refused_with_its_place(string json, string place) =>
        Assert.Contains(place, Refusal(json).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sound_backup_is_read()
    {
        VeleroBackup backup = Read("""{"apiVersion":"velero.io/v1","kind":"Backup","metadata":{"name":"b","labels":{"any.key/x":"y"}},"spec":{"includedNamespaces":["a"],"ttl":"24h0m0s","orderedResources":{"pods":"a/b"}}}""");

        Assert.Equal(("b", TimeSpan.FromHours(24)), (backup.Name, backup.Spec.Ttl));
    }

    private static BackupException Refusal(string json)
    {
        BackupException e = Assert.Throws<BackupException>(() => Read(json));
        Assert.Equal(ErrorKind.InvalidInput, e.Kind);
        return e;
    }

    private static VeleroBackup Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return StrictJson.Read(document.RootElement, CatalogJsonContext.Default.VeleroBackup);
    }
}
