using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>
/// Services: addresses and ports that the cluster handed out are given back, those that somebody asked for are kept. Who asked is
/// read from kubectl's last-applied annotation, else from the fields' managers.
/// </summary>
internal static class ServiceRules
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static RuleResult Apply(KubeObject service, RuleContext context)
    {
        if (service.Spec is not { } spec || spec["type"]?.ToString() == "ExternalName")
        {
            return RuleResult.Restore;
        }

        if (spec["clusterIP"]?.ToString() != "None")
        {
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
        }

        JsonObject? applied = ReadLastApplied(service);
        if (!context.PreserveNodePorts)
        {
            DropNodePorts(service, spec, applied);
        }

        DropHealthCheckPort(service, spec, applied);
        return RuleResult.Restore;
    }

    private static void DropNodePorts(KubeObject service, JsonObject spec, JsonObject? applied)
    {
        foreach (JsonObject port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (port["nodePort"] is not null && !WasAskedFor(service, port, applied))
            {
                port.Remove("nodePort");
            }
        }
    }

    private static bool WasAskedFor(KubeObject service, JsonObject port, JsonObject? applied)
    {
        if (applied is not null)
        {
            string? name = port["name"]?.ToString();
            return (applied["spec"]?["ports"] as JsonArray ?? []).OfType<JsonObject>().Any(asked =>
                asked["nodePort"] is not null
                && (string.IsNullOrEmpty(name)
                    ? asked["nodePort"]!.ToString() == port["nodePort"]!.ToString() // both were just seen not to be null
                    : asked["name"]?.ToString() == name));
        }

        string protocol = port["protocol"]?.ToString() ?? "TCP";
        string key = string.Create(CultureInfo.InvariantCulture, $"k:{{\"port\":{port["port"]},\"protocol\":\"{protocol}\"}}");
        return ManagedFields(service).Any(fields => fields["f:spec"]?["f:ports"]?[key]?["f:nodePort"] is not null);
    }

    private static void DropHealthCheckPort(KubeObject service, JsonObject spec, JsonObject? applied)
    {
        if (spec["healthCheckNodePort"] is null || applied?["spec"]?["healthCheckNodePort"] is not null)
        {
            return;
        }

        if (applied is not null || !ManagedFields(service).Any(fields => fields["f:spec"]?["f:healthCheckNodePort"] is not null))
        {
            spec.Remove("healthCheckNodePort");
        }
    }

    private static IEnumerable<JsonObject> ManagedFields(KubeObject service) =>
        from entry in (service.Metadata["managedFields"] as JsonArray ?? []).OfType<JsonObject>()
        let fields = entry["fieldsV1"] as JsonObject
        where fields is not null
        select fields;

    private static JsonObject? ReadLastApplied(KubeObject service)
    {
        if (service.Annotation(LastApplied) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // an annotation is anybody's text; without it the fields' managers decide
        }
    }
}
