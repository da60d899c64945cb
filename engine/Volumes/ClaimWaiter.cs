using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Volumes;

/// <summary>For a restore: waits until a claim that was just created is bound, then finds where its data goes.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="claims">The type persistentvolumeclaims.</param>
/// <param name="volumes">The type persistentvolumes.</param>
/// <param name="classes">The type storageclasses.storage.k8s.io, or null when the cluster has none.</param>
/// <param name="resolver">Finds the folder.</param>
public sealed class ClaimWaiter(ICluster cluster, ApiResource claims, ApiResource volumes, ApiResource? classes, VolumeResolver resolver)
{
    /// <summary>The volume, or why there is none: the claim is gone, stays unbound, or its data cannot be reached.</summary>
    public async Task<VolumeResolution> WaitAsync(string ns, string name, TimeSpan timeout, CancellationToken cancellationToken)
    {
        KubeObject? claim = await cluster.TryGetAsync(claims, ns, name, cancellationToken);
        if (claim is not null && !IsBound(claim) && await WaitsForPodAsync(claim, cancellationToken) is { } reason)
        {
            return new VolumeResolution(null, $"claim {ns}/{name}: {reason}");
        }

        if (claim is null || !IsBound(claim))
        {
            (_, claim) = await cluster.WaitAsync(claims, ns, name, found => found is null || IsBound(found), timeout, cancellationToken);
        }

        if (claim is null)
        {
            return new VolumeResolution(null, $"claim {ns}/{name}: it does not exist");
        }

        if (!IsBound(claim))
        {
            string phase = claim.TextAt("status", "phase") ?? "unknown";
            return new VolumeResolution(null, $"claim {ns}/{name}: it was not bound within {timeout.TotalSeconds:0} s (phase {phase}); look at its events and its storage class");
        }

        KubeObject? volume = await cluster.TryGetAsync(volumes, null, claim.TextAt("spec", "volumeName")!, cancellationToken); // bound claims name it
        return resolver.Resolve(claim, volume);
    }

    private static bool IsBound(KubeObject claim) =>
        claim.TextAt("status", "phase") == "Bound" && claim.TextAt("spec", "volumeName") is { Length: > 0 };

    /// <summary>A class may bind only when a pod is scheduled; workloads come after the data, so that would never happen.</summary>
    private async Task<string?> WaitsForPodAsync(KubeObject claim, CancellationToken cancellationToken)
    {
        if (classes is null || claim.TextAt("spec", "volumeName") is { Length: > 0 } || claim.TextAt("spec", "storageClassName") is not { Length: > 0 } named
            || claim.Annotation("volume.kubernetes.io/selected-node") is not null)
        {
            return null;
        }

        KubeObject? storageClass = await cluster.TryGetAsync(classes, null, named, cancellationToken);
        return storageClass?.TextAt("volumeBindingMode") == "WaitForFirstConsumer"
            ? $"its storage class {named} binds only when a pod is scheduled (volumeBindingMode WaitForFirstConsumer); restore it with a class that binds at once"
            : null;
    }
}
