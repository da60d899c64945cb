using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Volumes;
using Xunit;

namespace BackupFunctions.Tests.Engine.Volumes;

public sealed class VolumeSelectionTests
{
    [Theory]
    [InlineData(true, "{}", true)]
    [InlineData(false, "{}", false)]
    [InlineData(false, """{"backup.velero.io/backup-volumes":"other,vol"}""", true)]
    [InlineData(false, """{"backup.velero.io/backup-volumes":"other, vol"}""", false)]
    [InlineData(true, """{"backup.velero.io/backup-volumes-excludes":"vol"}""", false)]
    [InlineData(true, """{"backup.velero.io/backup-volumes-excludes":"other"}""", true)]
    public void A_pods_annotation_decides(bool byDefault, string annotations, bool taken)
    {
        VolumeChoice choice = new VolumeSelection([Pod("p", annotations)], byDefault).Decide(Claim("data"));
        Assert.Equal((taken, "p", "vol"), (choice.Take, choice.PodName, choice.VolumeName));
        Assert.NotEmpty(choice.Reason);
    }

    [Fact]
    public void One_pod_that_takes_the_claim_is_enough()
    {
        KubeObject[] pods = [Pod("no", """{"backup.velero.io/backup-volumes-excludes":"vol"}"""), Pod("yes", "{}")];
        Assert.Equal((true, "yes"), (new VolumeSelection(pods, true).Decide(Claim("data")) is var choice ? choice.Take : default, choice.PodName));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_claim_that_no_pod_mounts_follows_the_default(bool byDefault, bool taken) =>
        Assert.Equal(taken, new VolumeSelection([Pod("p", "{}")], byDefault).Decide(Claim("unused")).Take);

    [Fact]
    public void A_labelled_claim_is_left_out() =>
        Assert.False(new VolumeSelection([], true).Decide(Claim("data", """{"velero.io/exclude-from-backup":"true"}""")).Take);

    [Fact]
    public void The_claim_of_an_ephemeral_volume_belongs_to_its_pod() =>
        Assert.Equal("scratch", new VolumeSelection([Pod("p", "{}")], true).Decide(Claim("p-scratch")).VolumeName);

    private static KubeObject Claim(string name, string labels = "{}") => new((JsonObject)JsonNode.Parse(
        $$$"""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{name}}}","namespace":"arr","labels":{{{labels}}} } }""")!);

    private static KubeObject Pod(string name, string annotations) => new((JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","namespace":"arr","annotations":{{{annotations}}} },
         "spec":{"volumes":[{"name":"tmp","emptyDir":{} },{"name":"vol","persistentVolumeClaim":{"claimName":"data"} },{"name":"scratch","ephemeral":{} }]} }
        """)!);
}
