using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Volumes;
using Xunit;

namespace BackupFunctions.Tests.Engine.Volumes;

public sealed class VolumeResolverTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bf-volumes-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("""{"nfs":{"server":"NAS.lan","path":"/volume1/k8s/arr-data-pvc-1"} }""", "arr-data-pvc-1")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s//arr-data-pvc-1/"} }""", "arr-data-pvc-1")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s"} }""", "")]
    [InlineData("""{"csi":{"driver":"nfs.csi.k8s.io","volumeAttributes":{"server":"nas.lan","share":"/volume1/k8s","subdir":"arr-data-pvc-1"} } }""", "arr-data-pvc-1")]
    [InlineData("""{"csi":{"driver":"nfs.csi.k8s.io","volumeAttributes":{"server":"nas.lan","share":"/volume1/k8s/arr-data-pvc-1"} } }""", "arr-data-pvc-1")]
    [InlineData("""{"hostPath":{"path":"/var/data/host"} }""", "host")]
    [InlineData("""{"local":{"path":"/var/data/host"} }""", "host")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/inside"} }""", "arr-data-pvc-1")]
    public void A_volume_below_a_mount_is_found(string spec, string folder)
    {
        _root.CreateSubdirectory("arr-data-pvc-1");
        _root.CreateSubdirectory("host");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "inside"), "./host/../arr-data-pvc-1");
        VolumeResolution found = Resolver().Resolve(Claim(), Volume(spec));
        Assert.Null(found.SkipReason);
        Assert.Equal(new ResolvedVolume(Path.Join(_root.FullName, folder).TrimEnd('/'), "mount", "pv-1"), found.Volume);
    }

    [Theory]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/missing"} }""", "does not exist")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/../../etc"} }""", "'..'")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8sother"} }""", "no volume mount covers nas.lan:/volume1/k8sother; add one like nas.lan:/volume1/k8sother=")]
    [InlineData("""{"nfs":{"server":"other","path":"/volume1/k8s/x"} }""", "no volume mount covers other:/volume1/k8s/x")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/absolute"} }""", "leads out of")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/up/x"} }""", "leads out of")]
    [InlineData("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/loop"} }""", "leads out of")]
    [InlineData("""{"csi":{"driver":"ebs.csi.aws.com"} }""", "ebs.csi.aws.com")]
    [InlineData("""{"iscsi":{} }""", "cannot be reached through a mount")]
    [InlineData("""{"volumeMode":"Block","nfs":{"server":"nas.lan","path":"/volume1/k8s/x"} }""", "block device")]
    public void A_volume_that_cannot_be_reached_comes_with_claim_volume_and_reason(string spec, string reason)
    {
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "absolute"), "/etc");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "up"), "../../etc");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "loop"), "loop");
        VolumeResolution found = Resolver().Resolve(Claim(), Volume(spec));
        Assert.Null(found.Volume);
        Assert.StartsWith("claim arr/data, volume pv-1: ", found.SkipReason, StringComparison.Ordinal);
        Assert.Contains(reason, found.SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unbound_claim_is_skipped_with_its_phase() =>
        Assert.Equal("claim arr/data: it is not bound to a volume (phase Pending)", Resolver().Resolve(Claim(), null).SkipReason);

    [Fact]
    public void The_longest_matching_mount_wins()
    {
        _root.CreateSubdirectory("deep");
        VolumeMounts mounts = VolumeMounts.Parse($"nas.lan:/volume1=/nowhere; nas.lan:/volume1/k8s={_root.FullName}\n");
        VolumeResolution found = new VolumeResolver(mounts).Resolve(Claim(), Volume("""{"nfs":{"server":"nas.lan","path":"/volume1/k8s/deep"} }"""));
        Assert.Equal(Path.Combine(_root.FullName, "deep"), found.Volume?.Path);
    }

    [Theory]
    [InlineData("nas.lan:/a")]
    [InlineData("nas.lan:/a=relative")]
    [InlineData("nas.lan=/mnt")]
    [InlineData("nas.lan:/a/../b=/mnt")]
    [InlineData("=/mnt")]
    public void A_malformed_mount_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidInput, Assert.Throws<BackupException>(() => VolumeMounts.Parse(text)).Kind);

    private static KubeObject Claim() => new((JsonObject)JsonNode.Parse(
        """{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"arr"},"spec":{},"status":{"phase":"Pending"} }""")!);

    private static KubeObject Volume(string spec) => new((JsonObject)JsonNode.Parse(
        $$$"""{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv-1"},"spec":{{{spec}}} }""")!);

    private VolumeResolver Resolver() => new(VolumeMounts.Parse($"nas.lan:/volume1/k8s/={_root.FullName},/var/data={_root.FullName}"));
}
