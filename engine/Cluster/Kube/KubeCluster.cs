using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Cluster.Kube;

/// <summary>A cluster through its API server, from Kubernetes 1.20 on.</summary>
internal sealed class KubeCluster(KubeConnection connection, KubeOptions options, TimeProvider time) : ICluster, IDisposable
{
    private readonly KubeTransport _transport = new(connection, options, time);

    public string DisplayName => connection.Server.ToString().TrimEnd('/');

    public void Dispose() => _transport.Dispose();

    public async Task<ClusterVersion> GetVersionAsync(CancellationToken cancellationToken)
    {
        byte[] body = await _transport.SendAsync(new KubeCall(HttpMethod.Get, "version", "get version"), cancellationToken);
        try
        {
            if (JsonNode.Parse(body, documentOptions: ClusterJson.Reading) is JsonObject version && version["gitVersion"]?.ToString() is { } gitVersion)
            {
                return new ClusterVersion(version["major"]?.ToString() ?? "", version["minor"]?.ToString() ?? "", gitVersion);
            }
        }
        catch (JsonException e)
        {
            throw NoApiServer(e);
        }

        throw NoApiServer(null);
    }

    public Task<ApiDiscovery> DiscoverAsync(CancellationToken cancellationToken) => new KubeDiscovery(_transport).DiscoverAsync(cancellationToken);

    public async IAsyncEnumerable<KubeObject> ListAsync(
        ApiResource resource, string? ns, string? labelSelector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string path = KubePath.Of(resource, ns, null) + (string.IsNullOrEmpty(labelSelector) ? "" : "?labelSelector=" + Uri.EscapeDataString(labelSelector));
        using KubeListing listing = new(_transport, resource, path, options.PageSize, KubePath.Describe("list", resource, ns, null));
        while (await listing.NextAsync(cancellationToken) is { } item)
        {
            yield return item;
        }
    }

    public async Task<KubeObject?> TryGetAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken)
    {
        try
        {
            return KubeObject.Parse(await _transport.SendAsync(Call(HttpMethod.Get, "get", resource, ns, name), cancellationToken));
        }
        catch (KubeApiException e) when (e.StatusCode == 404)
        {
            return null;
        }
    }

    public async Task<KubeObject> CreateAsync(ApiResource resource, KubeObject value, CancellationToken cancellationToken)
    {
        KubePath.CheckName(resource, value.Name);
        KubeCall call = new(
            HttpMethod.Post, KubePath.Of(resource, resource.Namespaced ? value.Namespace : null, null), KubePath.Describe("create", resource, value.Namespace, value.Name), value.Root);
        return KubeObject.Parse(await _transport.SendAsync(call, cancellationToken));
    }

    public async Task<KubeObject> MergePatchAsync(ApiResource resource, string? ns, string name, JsonObject patch, CancellationToken cancellationToken)
    {
        KubeCall call = Call(HttpMethod.Patch, "patch", resource, ns, name) with { Body = patch, ContentType = "application/merge-patch+json" };
        return KubeObject.Parse(await _transport.SendAsync(call, cancellationToken));
    }

    public async Task<bool> DeleteAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken)
    {
        JsonObject deleteOptions = new() { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Background" };
        try
        {
            await _transport.SendAsync(Call(HttpMethod.Delete, "delete", resource, ns, name) with { Body = deleteOptions }, cancellationToken);
            return true;
        }
        catch (KubeApiException e) when (e.StatusCode == 404)
        {
            return false;
        }
    }

    public Task<(bool Met, KubeObject? Last)> WaitAsync(
        ApiResource resource, string? ns, string name, Func<KubeObject?, bool> condition, TimeSpan timeout, CancellationToken cancellationToken) =>
        ClusterWait.UntilAsync(token => TryGetAsync(resource, ns, name, token), condition, timeout, time, cancellationToken);

    private static KubeCall Call(HttpMethod method, string verb, ApiResource resource, string? ns, string name) =>
        new(method, KubePath.Of(resource, ns, name), KubePath.Describe(verb, resource, ns, name));

    private BackupException NoApiServer(Exception? inner) =>
        new(ErrorKind.Corrupt, $"{DisplayName} does not answer as an API server does.", "Check the server's address.", inner);
}
