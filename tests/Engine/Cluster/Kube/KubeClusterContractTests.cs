using BackupFunctions.Engine.Cluster;
using BackupFunctions.Tests.Contracts;
using BackupFunctions.Tests.Peers;

namespace BackupFunctions.Tests.Engine.Cluster.Kube;

[NeedsPeer(Peer.KubeApiServer)]
public sealed class KubeClusterContractTests : ClusterContract
{
    protected override async Task<ICluster> OpenAsync()
    {
        KubeApiServer server = await SharedPeers.KubeApiServerAsync();
        string path = Path.GetTempFileName();
        server.WriteKubeconfig(path);
        string yaml = await File.ReadAllTextAsync(path);
        File.Delete(path);
        return ClusterFactory.OpenKube(KubeConnection.FromKubeconfig(yaml, null, "/"), TimeProvider.System);
    }
}
