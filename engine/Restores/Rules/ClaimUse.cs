using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>Which claims the pods of a workload will mount.</summary>
internal static class ClaimUse
{
    /// <summary>
    /// Whether the workload mounts one of the claims (names in its own namespace). Used to hold a workload back whose data could not
    /// be restored: it must not start on an empty volume.
    /// </summary>
    public static string? FirstUsed(string groupResource, KubeObject workload, IReadOnlySet<string> claims)
    {
        JsonNode? podSpec = groupResource switch
        {
            "pods" => workload.Spec,
            "deployments.apps" or "statefulsets.apps" or "daemonsets.apps" or "replicasets.apps" or "replicationcontrollers" or "jobs.batch"
                => workload.NodeAt("spec", "template", "spec"),
            "cronjobs.batch" => workload.NodeAt("spec", "jobTemplate", "spec", "template", "spec"),
            _ => null,
        };
        if (podSpec is null || claims.Count == 0)
        {
            return null;
        }

        foreach (JsonObject volume in (podSpec["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (volume["persistentVolumeClaim"]?["claimName"]?.ToString() is { } claim && claims.Contains(claim))
            {
                return claim;
            }
        }

        // The claims of a StatefulSet are called <template>-<set>-<ordinal>.
        foreach (JsonObject template in (workload.NodeAt("spec", "volumeClaimTemplates") as JsonArray ?? []).OfType<JsonObject>())
        {
            string prefix = $"{template["metadata"]?["name"]}-{workload.Name}-";
            if (claims.FirstOrDefault(claim => claim.StartsWith(prefix, StringComparison.Ordinal) && claim[prefix.Length..].All(char.IsAsciiDigit)) is { } used)
            {
                return used;
            }
        }

        return null;
    }
}
