using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>What an API server itself adds to an object, or keeps, when somebody writes it.</summary>
internal static class FolderAdmission
{
    /// <summary>What only the server sets in metadata; a patch leaves it as it is.</summary>
    private static readonly string[] ServerMembers = ["uid", "creationTimestamp", "resourceVersion"];

    /// <summary>Gives a new object its identity, and a fresh status where the status is the server's business.</summary>
    public static void PrepareNew(KubeObject value, string groupResource, DateTimeOffset now)
    {
        if (value.Metadata["resourceVersion"] is not null && value.TextAt("metadata", "resourceVersion") != "")
        {
            throw FolderError.BadRequest("resourceVersion should not be set on objects to be created");
        }

        foreach (string member in (string[])[.. ServerMembers, "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"])
        {
            value.Metadata.Remove(member);
        }

        value.Metadata["uid"] = Guid.NewGuid().ToString();
        value.Metadata["creationTimestamp"] = ClusterJson.Time(now);
        if (FolderTypes.IsBuiltIn(groupResource))
        {
            value.Root.Remove("status");
        }

        switch (groupResource)
        {
            case "namespaces":
                Labels(value)["kubernetes.io/metadata.name"] = value.Name;
                SetPhase(value, "Active");
                break;
            case FolderClaims.VolumeResource:
                SetPhase(value, "Available");
                break;
            case FolderClaims.ClaimResource or "pods":
                SetPhase(value, "Pending");
                break;
            case FolderTypes.CrdResource:
                Establish(value, now);
                break;
            default:
                break;
        }
    }

    /// <summary>The object after an RFC 7386 merge patch.</summary>
    /// <exception cref="KubeApiException">Conflict: the patch names another resource version. InvalidInput: it changes the identity.</exception>
    public static KubeObject Patched(KubeObject current, JsonObject patch, string groupResource)
    {
        if (patch["metadata"] is JsonObject metadata && metadata["resourceVersion"] is JsonValue expected
            && expected.ToString() != current.TextAt("metadata", "resourceVersion"))
        {
            throw FolderError.Conflict(groupResource, current.Name);
        }

        JsonObject root = (JsonObject)current.Root.DeepClone();
        JsonObject effective = (JsonObject)patch.DeepClone();
        if (FolderTypes.IsBuiltIn(groupResource))
        {
            effective.Remove("status"); // a real server takes it under /status only
        }

        Merge(root, effective);
        foreach (string identity in (string[])["apiVersion", "kind", "metadata"])
        {
            if (root[identity] is null || (identity != "metadata" && !JsonNode.DeepEquals(root[identity], current.Root[identity])))
            {
                throw FolderError.BadRequest($"{identity} of {groupResource} \"{current.Name}\" cannot be changed");
            }
        }

        JsonObject merged = root["metadata"] as JsonObject ?? throw FolderError.BadRequest("metadata must be an object");
        foreach (string identity in (string[])["name", "namespace"])
        {
            if (!JsonNode.DeepEquals(merged[identity], current.Metadata[identity]))
            {
                throw FolderError.Invalid(groupResource, current.Name, $"metadata.{identity}: field is immutable");
            }
        }

        foreach (string member in ServerMembers)
        {
            merged[member] = current.Metadata[member]?.DeepClone();
        }

        return new KubeObject(root);
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string key, JsonNode? value) in patch)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else if (value is JsonObject change)
            {
                if (target[key] is not JsonObject child)
                {
                    child = [];
                    target[key] = child;
                }

                Merge(child, change);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }

    private static void SetPhase(KubeObject value, string phase) => value.Root["status"] = new JsonObject { ["phase"] = phase };

    private static JsonObject Labels(KubeObject value)
    {
        if (value.Metadata["labels"] is not JsonObject labels)
        {
            labels = [];
            value.Metadata["labels"] = labels;
        }

        return labels;
    }

    private static void Establish(KubeObject crd, DateTimeOffset now)
    {
        if (FolderTypes.FromCrd(crd.Root) is not { } type)
        {
            throw FolderError.Invalid(FolderTypes.CrdResource, crd.Name, "spec needs group, names.plural, names.kind and a served version");
        }

        if (crd.Name != type.Gvr.GroupResource)
        {
            throw FolderError.Invalid(FolderTypes.CrdResource, crd.Name, $"metadata.name must be spec.names.plural+\".\"+spec.group ({type.Gvr.GroupResource})");
        }

        FolderNames.CheckType(type.Gvr);
        JsonArray stored = [.. Versions(crd).Where(version => version["storage"]?.ToJsonString() == "true").Select(version => version["name"]?.DeepClone())];
        crd.Root["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(Condition("NamesAccepted", "NoConflicts", now), Condition("Established", "InitialNamesAccepted", now)),
            ["acceptedNames"] = crd.NodeAt("spec", "names")?.DeepClone(),
            ["storedVersions"] = stored,
        };
    }

    private static IEnumerable<JsonObject> Versions(KubeObject crd) => (crd.NodeAt("spec", "versions") as JsonArray ?? []).OfType<JsonObject>();

    private static JsonObject Condition(string type, string reason, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = ClusterJson.Time(now),
        ["reason"] = reason,
        ["message"] = "",
    };
}
