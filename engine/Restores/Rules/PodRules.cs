using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>Pods: only those that nobody makes again, freed from the old node and the old service account's token.</summary>
internal static class PodRules
{
    public static RuleResult Apply(KubeObject pod, RuleContext context)
    {
        if (pod.TextAt("status", "phase") is "Succeeded" or "Failed")
        {
            return RuleResult.Skip("it had ended");
        }

        if (pod.Annotation("kubernetes.io/config.mirror") is not null)
        {
            return RuleResult.Skip("it mirrors a static pod of a node");
        }

        if (ItemRules.IsMadeAgain(pod, context))
        {
            return RuleResult.Skip("its controller makes it again");
        }

        if (pod.Spec is { } spec)
        {
            spec.Remove("nodeName");
            spec.Remove("priority");
            RemoveTokenVolumes(spec, pod.TextAt("spec", "serviceAccountName"));
            RemoveVeleroWaiters(spec);
        }

        return RuleResult.Restore;
    }

    // Clusters before 1.24 mount a token secret that the new cluster will name differently.
    private static void RemoveTokenVolumes(JsonObject spec, string? serviceAccount)
    {
        if (serviceAccount is null)
        {
            return;
        }

        string prefix = $"{serviceAccount}-token-";
        RemoveNamed(spec["volumes"], prefix);
        foreach (string list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (JsonObject container in (spec[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                RemoveNamed(container["volumeMounts"], prefix);
            }
        }
    }

    // A pod that Velero once restored still carries the container that waited for its data.
    private static void RemoveVeleroWaiters(JsonObject spec)
    {
        if (spec["initContainers"] is JsonArray containers)
        {
            for (int i = containers.Count - 1; i >= 0; i--)
            {
                if (containers[i] is JsonObject container && container["name"]?.ToString() is "restore-wait" or "restic-wait")
                {
                    containers.RemoveAt(i);
                }
            }

            if (containers.Count == 0)
            {
                spec.Remove("initContainers");
            }
        }
    }

    private static void RemoveNamed(JsonNode? list, string prefix)
    {
        if (list is JsonArray array)
        {
            for (int i = array.Count - 1; i >= 0; i--)
            {
                if (array[i] is JsonObject entry && entry["name"]?.ToString().StartsWith(prefix, StringComparison.Ordinal) == true)
                {
                    array.RemoveAt(i);
                }
            }
        }
    }
}
