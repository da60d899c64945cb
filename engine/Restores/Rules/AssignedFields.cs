using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>
/// Fields that the cluster gave an object which exists: the rules took them out of the backed-up version, so they are copied from
/// the existing one before the two are compared or patched. Otherwise every service would differ by its address.
/// </summary>
internal static class AssignedFields
{
    public static void Copy(string groupResource, KubeObject existing, KubeObject wanted)
    {
        switch (groupResource)
        {
            case "services":
                CopyService(existing, wanted);
                break;
            case "persistentvolumeclaims":
                CopyClaim(existing, wanted);
                break;
            case "persistentvolumes":
                CopyIfAbsent(existing.NodeAt("spec", "claimRef"), wanted.NodeAt("spec", "claimRef"), "uid", "resourceVersion");
                break;
            case "secrets" when wanted.TextAt("type") == "kubernetes.io/service-account-token":
                CopyIfAbsent(existing.Root["data"], wanted.Root["data"], "token", "ca.crt");
                break;
            default:
                break;
        }
    }

    private static void CopyService(KubeObject existing, KubeObject wanted)
    {
        CopyIfAbsent(existing.Spec, wanted.Spec, "clusterIP", "clusterIPs", "healthCheckNodePort", "ipFamilies", "ipFamilyPolicy");
        foreach (JsonObject port in (wanted.NodeAt("spec", "ports") as JsonArray ?? []).OfType<JsonObject>())
        {
            JsonObject? same = (existing.NodeAt("spec", "ports") as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(candidate =>
                JsonNode.DeepEquals(candidate["port"], port["port"]) && JsonNode.DeepEquals(candidate["protocol"], port["protocol"]));
            CopyIfAbsent(same, port, "nodePort");
        }
    }

    private static void CopyClaim(KubeObject existing, KubeObject wanted)
    {
        CopyIfAbsent(existing.Spec, wanted.Spec, "volumeName");
        if (existing.Metadata["annotations"] is JsonObject annotations)
        {
            if (wanted.Metadata["annotations"] is not JsonObject target)
            {
                wanted.Metadata["annotations"] = target = [];
            }

            CopyIfAbsent(annotations, target, [.. annotations.Select(entry => entry.Key).Where(key => key.StartsWith("pv.kubernetes.io/", StringComparison.Ordinal) || key.StartsWith("volume.", StringComparison.Ordinal))]);
        }
    }

    private static void CopyIfAbsent(JsonNode? from, JsonNode? to, params ReadOnlySpan<string> fields)
    {
        if (from is not JsonObject source || to is not JsonObject target)
        {
            return;
        }

        foreach (string field in fields)
        {
            if (target[field] is null && source[field] is { } value)
            {
                target[field] = value.DeepClone();
            }
        }
    }
}
