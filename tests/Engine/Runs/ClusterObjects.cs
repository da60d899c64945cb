using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Tests.Engine.Catalog;

namespace BackupFunctions.Tests.Engine.Runs;

/// <summary>The objects of a namespace and the cluster-scoped ones of the recorded backup t1 as text, without what only a server gives.</summary>
internal static class ClusterObjects
{
    private static readonly HashSet<string> ClusterScoped = ["arr-reader", "widgets.example.org"];

    /// <summary>What the real Velero's cluster held after restore r1, r2 or r4.</summary>
    public static string AfterVelero(string restore, string ns)
    {
        JsonArray items = JsonNode.Parse(File.ReadAllText(VeleroFixture.PathOf("cluster-after", restore + ".json")))!["items"]!.AsArray();
        return Text(items.OfType<JsonObject>(), ns);
    }

    public static async Task<string> OfAsync(ICluster cluster, string ns)
    {
        ApiDiscovery types = await cluster.DiscoverAsync(CancellationToken.None);
        List<JsonObject> found = [];
        foreach (ApiResource type in types.Preferred.Where(type => type.Verbs.Contains("list")))
        {
            await foreach (KubeObject item in cluster.ListAsync(type, type.Namespaced ? ns : null, null, CancellationToken.None))
            {
                found.Add(item.Root);
            }
        }

        return Text(found, ns);
    }

    private static string Text(IEnumerable<JsonObject> items, string ns) => string.Join('\n', items
        .Where(item => IsMeant(item, ns))
        .Select(item => Sorted(Comparable(item))!.ToJsonString())
        .Distinct() // a type may be served by two groups
        .Order(StringComparer.Ordinal));

    private static bool IsMeant(JsonObject item, string ns)
    {
        JsonObject metadata = item["metadata"]!.AsObject();
        string name = metadata["name"]!.ToString();
        if (metadata["namespace"]?.ToString() is not { } place)
        {
            return item["kind"]!.ToString() == "Namespace" ? name == ns : ClusterScoped.Contains(name);
        }

        // What a cluster with controllers makes itself in every namespace; Velero's ran without them.
        return place == ns && item["kind"]!.ToString() is not ("Event" or "Endpoints" or "EndpointSlice" or "ReplicaSet" or "Pod" or "ControllerRevision")
            && name is not "kube-root-ca.crt" and not "default" && !name.StartsWith("default-token-", StringComparison.Ordinal)
            && !name.StartsWith("sonarr-token-", StringComparison.Ordinal);
    }

    private static JsonObject Comparable(JsonObject original)
    {
        JsonObject item = original.DeepClone().AsObject();
        JsonObject metadata = item["metadata"]!.AsObject();
        foreach (string given in (string[])["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink"])
        {
            metadata.Remove(given); // each server gives its own
        }

        item.Remove("status"); // controllers and the server write it
        switch (item["kind"]!.ToString())
        {
            case "Service":
                JsonObject spec = item["spec"]!.AsObject();
                spec.Remove("clusterIP"); // given anew by the cluster, as are node ports
                spec.Remove("clusterIPs");
                spec.Remove("ipFamilies"); // newer servers give a default that Velero's 1.20 did not have
                spec.Remove("ipFamilyPolicy");
                spec.Remove("internalTrafficPolicy");
                foreach (JsonObject port in spec["ports"]!.AsArray().OfType<JsonObject>())
                {
                    port.Remove("nodePort");
                }

                break;
            case "ServiceAccount":
                item.Remove("secrets"); // tokens are made by the cluster
                break;
            case "Namespace":
                (metadata["labels"] as JsonObject)?.Remove("kubernetes.io/metadata.name"); // written by servers since 1.21
                break;
            case "CustomResourceDefinition":
                // A restore of chosen namespaces brings the definitions that they need; Velero leaves them out.
                (metadata["labels"] as JsonObject)?.Remove("velero.io/restore-name");
                break;
        }

        return item;
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
