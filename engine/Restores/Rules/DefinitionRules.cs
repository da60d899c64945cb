using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>Custom resource definitions of version v1 that still carry v1beta1's preserveUnknownFields.</summary>
internal static class DefinitionRules
{
    public static RuleResult Apply(KubeObject definition)
    {
        if (!definition.ApiVersion.EndsWith("/v1", StringComparison.Ordinal)
            || definition.Spec is not { } spec
            || spec["preserveUnknownFields"] is not JsonValue value || !value.TryGetValue(out bool preserves) || !preserves)
        {
            return RuleResult.Restore;
        }

        spec["preserveUnknownFields"] = false;
        foreach (JsonObject version in (spec["versions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (version["schema"]?["openAPIV3Schema"] is JsonObject schema)
            {
                schema["x-kubernetes-preserve-unknown-fields"] = true;
            }
        }

        return RuleResult.Restore;
    }
}
