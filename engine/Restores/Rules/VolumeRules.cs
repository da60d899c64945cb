using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>Persistent volumes and claims: which volume comes back as it was, and what ties a claim to it.</summary>
internal static class VolumeRules
{
    private static readonly string[] BindingAnnotations =
    [
        "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller", "volume.kubernetes.io/storage-provisioner",
        "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/selected-node", "velero.io/volume-snapshot-name",
        "velero.io/data-upload-name",
    ];

    public static RuleResult ApplyToVolume(KubeObject volume, RuleContext context)
    {
        if (context.ProvisionedAnew.Contains(volume.Name))
        {
            return RuleResult.Skip("its data comes back through a new volume");
        }

        if (volume.NodeAt("spec", "claimRef") is JsonObject claim)
        {
            claim.Remove("uid");
            claim.Remove("resourceVersion");
            if (claim["namespace"]?.ToString() is { } ns)
            {
                claim["namespace"] = context.Map(ns);
            }
        }

        return RuleResult.Restore;
    }

    public static RuleResult ApplyToClaim(KubeObject claim, RuleContext context)
    {
        if (claim.Metadata["annotations"] is JsonObject annotations)
        {
            foreach (string annotation in BindingAnnotations)
            {
                annotations.Remove(annotation);
            }

            if (annotations.Count == 0)
            {
                claim.Metadata.Remove("annotations");
            }
        }

        if (claim.TextAt("spec", "volumeName") is { } volume && context.ProvisionedAnew.Contains(volume))
        {
            claim.Spec!.Remove("volumeName"); // volumeName was just read from it
        }

        return RuleResult.Restore;
    }
}
