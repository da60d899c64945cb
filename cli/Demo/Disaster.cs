using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Cli.Demo;

/// <summary>Loses parts of the sample cluster.</summary>
internal sealed class Disaster(string folder, TimeProvider time)
{
    private readonly ICluster cluster = ClusterFactory.OpenFolder(folder, time);

    /// <summary>Deletes a namespace with all in it; the provisioner deletes the data of its claims.</summary>
    public Task DeleteNamespaceAsync(string ns, CancellationToken cancellationToken) => DeleteAsync("namespaces", null, ns, cancellationToken);

    /// <summary>Deletes an object; with a claim its data goes.</summary>
    public async Task DeleteAsync(string groupResource, string? ns, string name, CancellationToken cancellationToken)
    {
        ApiDiscovery types = await cluster.DiscoverAsync(cancellationToken);
        ApiResource type = types.FindGroupResource(groupResource) ?? throw new InvalidOperationException($"The sample cluster does not know {groupResource}.");
        if (!await cluster.DeleteAsync(type, ns, name, cancellationToken))
        {
            throw new InvalidOperationException($"The sample cluster has no {groupResource} {ns}/{name}.");
        }
    }
}
