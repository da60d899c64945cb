using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Tests.Contracts;
using Xunit;

namespace BackupFunctions.Tests.Engine.Cluster;

public sealed class FolderClusterContractTests : ClusterContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bf-cluster-");

    public void Dispose() => _folder.Delete(recursive: true);

    protected override Task<ICluster> OpenAsync() => Task.FromResult(ClusterFactory.OpenFolder(_folder.FullName, TimeProvider.System));

    protected override void CheckNumbers(JsonObject spec) => Assert.Equal(
        """{"float":1.0,"exponent":1e3,"big":9007199254740993,"negative":-0.50,"nested":{"list":[1,2.50,"1.0",true,null,{}]}}""",
        spec.ToJsonString());
}
