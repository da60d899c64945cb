using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>
/// Asks for the served types document by document (/api, /apis, one per group version), which every version of Kubernetes answers;
/// the newer single document is not needed.
/// </summary>
internal sealed class KubeDiscovery(KubeTransport transport)
{
    private const int Concurrency = 8;
    private const int MaxGroupVersions = 10_000;

    public async Task<ApiDiscovery> DiscoverAsync(CancellationToken cancellationToken)
    {
        List<Group> groups = [];
        JsonObject core = await GetAsync("api", cancellationToken);
        string[] coreVersions = [.. (core["versions"] as JsonArray ?? []).Select(version => version?.ToString()).OfType<string>()];
        groups.Add(new Group("", coreVersions));
        JsonObject named = await GetAsync("apis", cancellationToken);
        groups.AddRange((named["groups"] as JsonArray ?? []).OfType<JsonObject>().Select(ReadGroup));
        if (groups.Sum(group => group.Versions.Count) > MaxGroupVersions)
        {
            throw new BackupException(ErrorKind.Corrupt, "The API server tells of too many group versions.", "Check that the address is that of an API server.");
        }

        // extensions repeats types of other groups; the others' come first.
        Group[] ordered = [.. groups.OrderBy(group => group.Name == "extensions")];
        ConcurrentDictionary<string, IReadOnlyList<ApiResource>> found = new();
        ConcurrentDictionary<string, string> failed = new();
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ordered.SelectMany(group => group.Versions.Select(version => (group.Name, version))), parallel, async (pair, token) =>
        {
            string groupVersion = pair.Name.Length == 0 ? pair.version : $"{pair.Name}/{pair.version}";
            try
            {
                found[groupVersion] = await ReadTypesAsync(pair.Name, pair.version, token);
            }
            catch (BackupException e)
            {
                failed[groupVersion] = e.Message; // one broken aggregated API must not stop a backup; it is told
            }
        });
        return Combine(ordered, found, failed);
    }

    private static ApiDiscovery Combine(Group[] groups, ConcurrentDictionary<string, IReadOnlyList<ApiResource>> found, ConcurrentDictionary<string, string> failed)
    {
        List<ApiResource> preferred = [];
        List<(string GroupVersion, string Reason)> failures = [];
        foreach (Group group in groups)
        {
            HashSet<string> known = [];
            foreach (string version in group.Versions)
            {
                string groupVersion = group.Name.Length == 0 ? version : $"{group.Name}/{version}";
                if (failed.TryGetValue(groupVersion, out string? reason))
                {
                    failures.Add((groupVersion, reason));
                }
                else
                {
                    preferred.AddRange(found[groupVersion].Where(type => known.Add(type.Gvr.Resource)));
                }
            }
        }

        return new ApiDiscovery(preferred, failures);
    }

    /// <summary>The group's versions, the preferred one first, the others in server order.</summary>
    private static Group ReadGroup(JsonObject group)
    {
        string name = group["name"]?.ToString() ?? "";
        string? preferred = (group["preferredVersion"] as JsonObject)?["version"]?.ToString();
        IEnumerable<string> versions = (group["versions"] as JsonArray ?? []).OfType<JsonObject>().Select(version => version["version"]?.ToString()).OfType<string>();
        return new Group(name, [.. versions.OrderBy(version => version != preferred)]);
    }

    private async Task<IReadOnlyList<ApiResource>> ReadTypesAsync(string group, string version, CancellationToken cancellationToken)
    {
        string path = group.Length == 0 ? $"api/{Uri.EscapeDataString(version)}" : $"apis/{Uri.EscapeDataString(group)}/{Uri.EscapeDataString(version)}";

        // A broken aggregated API answers 503 for as long as it is broken: one attempt is enough.
        KubeCall call = new(HttpMethod.Get, path, $"discover {path}");
        JsonObject list = Parse(await transport.SendOnceAsync(call, cancellationToken), call.Description);
        List<ApiResource> types = [];
        foreach (JsonObject entry in (list["resources"] as JsonArray ?? []).OfType<JsonObject>())
        {
            string name = Text(entry, "name");
            if (name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) && Text(entry, "kind") is { Length: > 0 } kind)
            {
                bool namespaced = entry["namespaced"] is JsonValue value && value.TryGetValue(out bool isNamespaced) && isNamespaced;
                types.Add(new ApiResource(new Gvr(group, version, name), kind, namespaced, Texts(entry, "verbs"), Text(entry, "singularName"), Texts(entry, "shortNames")));
            }
        }

        return types;
    }

    private async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken)
    {
        KubeCall call = new(HttpMethod.Get, path, $"discover /{path}");
        return Parse(await transport.SendAsync(call, cancellationToken), call.Description);
    }

    private static JsonObject Parse(byte[] body, string description)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: ClusterJson.Reading) as JsonObject ?? throw Corrupt(description, null);
        }
        catch (JsonException e)
        {
            throw Corrupt(description, e);
        }
    }

    private static BackupException Corrupt(string description, Exception? inner) =>
        new(ErrorKind.Corrupt, $"{description}: the answer is no JSON object.", "Check that the address is that of an API server.", inner);

    private static string Text(JsonObject parent, string member) =>
        parent[member] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static string[] Texts(JsonObject parent, string member) =>
        [.. (parent[member] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.ToString())];

    private sealed record Group(string Name, IReadOnlyList<string> Versions);
}
