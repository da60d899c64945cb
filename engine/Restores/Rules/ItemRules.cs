using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>
/// What must change in an object of a backup before it can be created again. Works on a copy that the caller owns; pure. The rules
/// are Velero's (its restore item actions), but for owned pods and jobs: their controllers make them again, and the volumes' data
/// is back before any of them starts.
/// </summary>
internal static class ItemRules
{
    private static readonly string[] ServerFields =
    [
        "generateName", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "ownerReferences", "managedFields",
    ];

    /// <summary>Applies the rules of the object's type, takes away what only the server writes, and maps its namespace.</summary>
    public static RuleResult Apply(string groupResource, KubeObject item, RuleContext context)
    {
        RuleResult result = groupResource switch
        {
            "pods" => PodRules.Apply(item, context),
            "jobs.batch" => JobRules.Apply(item, context),
            "services" => ServiceRules.Apply(item, context),
            "serviceaccounts" => ServiceAccountRules.Apply(item),
            "secrets" => ServiceAccountRules.ApplyToSecret(item),
            "configmaps" => ApplyToConfigMap(item),
            "persistentvolumes" => VolumeRules.ApplyToVolume(item, context),
            "persistentvolumeclaims" => VolumeRules.ApplyToClaim(item, context),
            "customresourcedefinitions.apiextensions.k8s.io" => DefinitionRules.Apply(item),
            "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io" => MapSubjects(item, context),
            "endpointslices.discovery.k8s.io" => ApplyToEndpointSlice(item),
            "apiservices.apiregistration.k8s.io" => ApplyToApiService(item),
            "mutatingwebhookconfigurations.admissionregistration.k8s.io" or "validatingwebhookconfigurations.admissionregistration.k8s.io" => ApplyToWebhooks(item),
            _ => RuleResult.Restore,
        };
        if (result.SkipReason is not null)
        {
            return result;
        }

        Strip(item);
        if (item.Namespace is { } ns)
        {
            item.Metadata["namespace"] = context.Map(ns);
        }

        return RuleResult.Restore;
    }

    /// <summary>Removes what only the server writes, and the status. Name, labels, annotations and finalizers stay.</summary>
    public static void Strip(KubeObject item)
    {
        foreach (string field in ServerFields)
        {
            item.Metadata.Remove(field);
        }

        item.Root.Remove("status");
    }

    /// <summary>The entry of ownerReferences that is the object's controller, or null.</summary>
    internal static JsonObject? ControllerOf(KubeObject item) =>
        item.Metadata["ownerReferences"] is JsonArray owners
            ? owners.OfType<JsonObject>().FirstOrDefault(owner => owner["controller"] is JsonValue value && value.TryGetValue(out bool isController) && isController)
            : null;

    /// <summary>Whether the object's controller is in the backup too, so that it will make the object again.</summary>
    internal static bool IsMadeAgain(KubeObject item, RuleContext context) =>
        ControllerOf(item) is { } owner
        && context.Controllers.Contains($"{owner["kind"]}/{item.Namespace}/{owner["name"]}");

    private static RuleResult ApplyToConfigMap(KubeObject item) =>
        item.Name == "kube-root-ca.crt"
            ? RuleResult.Skip("the cluster publishes its own certificate authority in every namespace")
            : RuleResult.Restore;

    private static RuleResult ApplyToEndpointSlice(KubeObject item) =>
        item.Label("endpointslice.kubernetes.io/managed-by") is "endpointslice-controller.k8s.io" or "endpointslicemirroring-controller.k8s.io"
            ? RuleResult.Skip("the cluster makes it again from its service")
            : RuleResult.Restore;

    private static RuleResult ApplyToApiService(KubeObject item) =>
        item.Label("kube-aggregator.kubernetes.io/automanaged") is not null
            ? RuleResult.Skip("the API server makes it itself")
            : RuleResult.Restore;

    private static RuleResult MapSubjects(KubeObject item, RuleContext context)
    {
        if (item.Root["subjects"] is JsonArray subjects)
        {
            foreach (JsonObject subject in subjects.OfType<JsonObject>())
            {
                if (subject["namespace"] is JsonValue value && value.TryGetValue(out string? ns))
                {
                    subject["namespace"] = context.Map(ns);
                }
            }
        }

        return RuleResult.Restore;
    }

    // A webhook with unknown side effects would make the API server refuse dry runs of everything it watches.
    private static RuleResult ApplyToWebhooks(KubeObject item)
    {
        if (item.Root["webhooks"] is JsonArray webhooks && item.ApiVersion.EndsWith("/v1", StringComparison.Ordinal))
        {
            foreach (JsonObject webhook in webhooks.OfType<JsonObject>())
            {
                if (webhook["sideEffects"]?.ToString() is not ("None" or "NoneOnDryRun"))
                {
                    webhook["sideEffects"] = "None";
                }
            }
        }

        return RuleResult.Restore;
    }
}
