using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Cluster;

/// <summary>
/// A Kubernetes cluster through its dynamic API. Implementations retry transient failures of reads within their own time limit;
/// failures are <see cref="KubeApiException"/> with kind NotFound (404), AlreadyExists or Conflict (409), AccessDenied (401, 403),
/// InvalidInput (400, 422), Unavailable (429, 5xx, no answer). All members may be called concurrently.
/// </summary>
public interface ICluster
{
    /// <summary>The cluster for people: its server or folder, without credentials.</summary>
    string DisplayName { get; }

    Task<ClusterVersion> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>Asks for the served types anew; nothing is cached between calls.</summary>
    Task<ApiDiscovery> DiscoverAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All objects of a type, in pages (500), in server order: of one namespace, or of all when <paramref name="ns"/> is null.
    /// Each carries apiVersion and kind. A page token that expired half-way (410) continues with the server's fresh token, so an
    /// object may come twice; callers keep the first.
    /// </summary>
    IAsyncEnumerable<KubeObject> ListAsync(ApiResource resource, string? ns, string? labelSelector, CancellationToken cancellationToken);

    /// <summary>One object, or null when it does not exist.</summary>
    Task<KubeObject?> TryGetAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken);

    /// <summary>Creates the object (its metadata names namespace and name) and returns what the server made of it.</summary>
    Task<KubeObject> CreateAsync(ApiResource resource, KubeObject value, CancellationToken cancellationToken);

    /// <summary>Applies an RFC 7386 merge patch and returns the result.</summary>
    Task<KubeObject> MergePatchAsync(ApiResource resource, string? ns, string name, JsonObject patch, CancellationToken cancellationToken);

    /// <summary>Deletes the object (background propagation). False when it did not exist.</summary>
    Task<bool> DeleteAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the object again and again (about each second) until <paramref name="condition"/> holds for it (null: it does not exist).
    /// </summary>
    /// <returns>The object that met the condition; or the last seen one with <c>Met</c> false when the time was over.</returns>
    Task<(bool Met, KubeObject? Last)> WaitAsync(
        ApiResource resource, string? ns, string name, Func<KubeObject?, bool> condition, TimeSpan timeout, CancellationToken cancellationToken);
}
