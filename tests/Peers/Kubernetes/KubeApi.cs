using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Tests.Peers.Kubernetes;

/// <summary>
/// A plain client for arranging and looking, independent of the project's own: raw JSON and paths as the API has them.
/// </summary>
internal sealed class KubeApi : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public KubeApi(Uri server, string caPath, string token)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caPath);
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        _http = new HttpClient(handler) { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, path, null, "application/json", cancellationToken);

    /// <summary>The object, or null if there is none.</summary>
    public async Task<JsonObject?> TryGetAsync(string path, CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, HttpMethod.Get, path, cancellationToken);
    }

    public Task<JsonObject> PatchAsync(string path, string mergePatch, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, path, mergePatch, "application/merge-patch+json", cancellationToken);

    public Task<JsonObject> DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, path, null, "application/json", cancellationToken);

    public Task<JsonObject> CreateNamespaceAsync(string name, CancellationToken cancellationToken = default) =>
        CreateAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""", cancellationToken);

    /// <summary>Creates an object where its kind belongs. A kind that a CRD has only just brought is waited for.</summary>
    public async Task<JsonObject> CreateAsync(string json, CancellationToken cancellationToken = default)
    {
        var manifest = JsonNode.Parse(json)!.AsObject(); // a JSON text of null is no manifest, and fails here
        var collection = await CollectionPathAsync(manifest, cancellationToken);
        return await SendAsync(HttpMethod.Post, collection, json, "application/json", cancellationToken);
    }

    /// <summary>Asks for an object until it is as wanted (null: it is gone).</summary>
    public async Task<JsonObject?> WaitUntilAsync(string path, Func<JsonObject?, bool> isAsWanted, CancellationToken cancellationToken = default)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var found = await TryGetAsync(path, cancellationToken);
            if (isAsWanted(found))
            {
                return found;
            }

            if (watch.Elapsed > Limit)
            {
                throw new PeerException($"{path} is not as wanted after {Limit.TotalSeconds:0} s: {found?.ToJsonString() ?? "(not there)"}");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    public Task WaitUntilGoneAsync(string path, CancellationToken cancellationToken = default) =>
        WaitUntilAsync(path, found => found is null, cancellationToken);

    public async Task<JsonObject> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        string contentType,
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return await ReadAsync(response, method, path, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonObject> ReadAsync(
        HttpResponseMessage response,
        HttpMethod method,
        string path,
        CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject() // the API answers with an object
            : throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {text}", null, response.StatusCode);
    }

    private async Task<string> CollectionPathAsync(JsonObject manifest, CancellationToken cancellationToken)
    {
        var apiVersion = (string?)manifest["apiVersion"];
        var kind = (string?)manifest["kind"];
        var groupPath = apiVersion is "v1" ? "/api/v1" : $"/apis/{apiVersion}";
        var found = await WaitUntilAsync(groupPath, list => FindResource(list, kind) is not null, cancellationToken);
        var resource = FindResource(found, kind)!; // just seen
        var plural = (string?)resource["name"];
        return (bool?)resource["namespaced"] == true
            ? $"{groupPath}/namespaces/{(string?)manifest["metadata"]?["namespace"] ?? "default"}/{plural}"
            : $"{groupPath}/{plural}";
    }

    private static JsonNode? FindResource(JsonObject? list, string? kind) => list?["resources"]?.AsArray()
        .FirstOrDefault(resource => (string?)resource?["kind"] == kind && (string?)resource?["name"] is { } name && !name.Contains('/'));
}
