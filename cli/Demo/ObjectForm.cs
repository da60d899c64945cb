using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Cli.Demo;

/// <summary>An object without what the API server assigns anew and what a restore must change, so that before and after can be compared.</summary>
internal static class ObjectForm
{
    /// <summary>What is left out, for people.</summary>
    public const string LeftOut = "uid, resourceVersion, creation time, status, assigned cluster IPs and node ports, the names of provisioned volumes, and the labels that a restore adds";

    // What the volume controllers and the provisioner write on claims and volumes.
    private static readonly string[] BindingAnnotations =
    [
        "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller", "pv.kubernetes.io/provisioned-by",
        "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner", "volume.kubernetes.io/selected-node",
    ];

    public static string Of(KubeObject value)
    {
        JsonObject root = (JsonObject)value.Root.DeepClone();
        JsonObject metadata = (JsonObject)root["metadata"]!; // every object has it
        root.Remove("status");
        Remove(metadata, "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink");
        RemoveFrom(metadata, "labels", VeleroNames.BackupNameLabel, VeleroNames.RestoreNameLabel);
        if (root["spec"] is JsonObject spec)
        {
            switch (value.Kind)
            {
                case "Service":
                    Service(spec);
                    break;
                case "PersistentVolumeClaim":
                    RemoveFrom(metadata, "annotations", BindingAnnotations);
                    Remove(spec, "volumeName");
                    break;
                case "PersistentVolume":
                    Volume(metadata, spec);
                    break;
            }
        }

        return Sorted(root)!.ToJsonString(); // an object is not null
    }

    private static void Service(JsonObject spec)
    {
        if (spec["clusterIP"]?.GetValue<string>() != "None")
        {
            Remove(spec, "clusterIP", "clusterIPs");
        }

        foreach (JsonObject port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port.Remove("nodePort");
        }
    }

    private static void Volume(JsonObject metadata, JsonObject spec)
    {
        RemoveFrom(metadata, "annotations", BindingAnnotations);
        Remove(metadata, "name", "finalizers");
        RemoveFrom(spec, "claimRef", "uid", "resourceVersion");
        RemoveFrom(spec, "nfs", "path");
    }

    private static void Remove(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            parent.Remove(name);
        }
    }

    /// <summary>Removes members of a member, and that itself when nothing is left.</summary>
    private static void RemoveFrom(JsonObject parent, string member, params ReadOnlySpan<string> names)
    {
        if (parent[member] is JsonObject child)
        {
            Remove(child, names);
            if (child.Count == 0)
            {
                parent.Remove(member);
            }
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
