using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>
/// A small API server on a folder of object files; the layer's README shows the layout. Writes of several processes are safe beside
/// each other. Not done: finalizers, owner references, defaulting and validation of what is inside the usual types.
/// </summary>
internal sealed class FolderCluster : ICluster
{
    private const string NamespaceResource = "namespaces";

    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly FolderConfig _config;
    private readonly FolderFiles _files;
    private readonly FolderTypes _types;
    private readonly FolderLock _lock;
    private readonly FolderClaims _claims;

    public FolderCluster(string root, TimeProvider time)
    {
        _root = root;
        _time = time;
        _config = FolderConfig.Read(root);
        _files = new FolderFiles(root);
        _types = new FolderTypes(root, _files);
        _lock = new FolderLock(root);
        _claims = new FolderClaims(root, _config, _files, time);
    }

    public string DisplayName => _config.Name is { } name ? $"{name} (folder {_root})" : $"folder {_root}";

    public Task<ClusterVersion> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult(_config.Version);

    public async Task<ApiDiscovery> DiscoverAsync(CancellationToken cancellationToken) => new(await _types.ListAsync(cancellationToken), []);

    public async IAsyncEnumerable<KubeObject> ListAsync(
        ApiResource resource, string? ns, string? labelSelector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckServedAsync(resource.Gvr, cancellationToken);
        LabelSelector? selector = string.IsNullOrEmpty(labelSelector) ? null : LabelSelector.Parse(labelSelector);
        string groupResource = resource.Gvr.GroupResource;
        if (ns is not null)
        {
            FolderNames.CheckNamespace(ns);
        }

        IReadOnlyList<string?> namespaces = !resource.Namespaced ? [null] : ns is not null ? [ns] : [.. _files.NamespacesOf(groupResource)];
        foreach (string? scope in namespaces)
        {
            foreach (string name in _files.NamesOf(groupResource, scope))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await ReadAsync(resource.Gvr, scope, name, cancellationToken) is { } found && selector?.Matches(found) != false)
                {
                    yield return found;
                }
            }
        }
    }

    public async Task<KubeObject?> TryGetAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken)
    {
        CheckNames(resource, ns, name);
        return await _types.IsServedAsync(resource.Gvr, cancellationToken) ? await ReadAsync(resource.Gvr, ns, name, cancellationToken) : null;
    }

    public async Task<KubeObject> CreateAsync(ApiResource resource, KubeObject value, CancellationToken cancellationToken)
    {
        CheckNames(resource, value.Namespace, value.Name);
        if (value.Kind != resource.Kind || value.ApiVersion != resource.Gvr.ApiVersion)
        {
            throw FolderError.BadRequest($"{value.ApiVersion}/{value.Kind} in the data does not match the expected {resource.Gvr.ApiVersion}/{resource.Kind}");
        }

        string groupResource = resource.Gvr.GroupResource;
        using IDisposable held = await _lock.AcquireAsync(cancellationToken);
        await CheckServedAsync(resource.Gvr, cancellationToken);
        if (value.Namespace is { } ns && !_files.Exists(NamespaceResource, null, ns))
        {
            throw FolderError.NotFound(NamespaceResource, ns);
        }

        if (_files.Exists(groupResource, value.Namespace, value.Name))
        {
            throw FolderError.AlreadyExists(groupResource, value.Name);
        }

        KubeObject created = value.Clone();
        FolderAdmission.PrepareNew(created, groupResource, _time.GetUtcNow());
        await _files.WriteAsync(groupResource, created.Namespace, created.Name, created.Root, _time, cancellationToken);
        if (groupResource == FolderClaims.ClaimResource)
        {
            await _claims.ClaimCreatedAsync(created, cancellationToken);
        }
        else if (groupResource == FolderClaims.VolumeResource)
        {
            await _claims.VolumeCreatedAsync(created, cancellationToken);
        }

        return await ReadAsync(resource.Gvr, created.Namespace, created.Name, cancellationToken) ?? created;
    }

    public async Task<KubeObject> MergePatchAsync(ApiResource resource, string? ns, string name, JsonObject patch, CancellationToken cancellationToken)
    {
        CheckNames(resource, ns, name);
        string groupResource = resource.Gvr.GroupResource;
        using IDisposable held = await _lock.AcquireAsync(cancellationToken);
        await CheckServedAsync(resource.Gvr, cancellationToken);
        KubeObject current = await ReadAsync(resource.Gvr, ns, name, cancellationToken) ?? throw FolderError.NotFound(groupResource, name);
        KubeObject changed = FolderAdmission.Patched(current, patch, groupResource);
        if (!JsonNode.DeepEquals(current.Root, changed.Root))
        {
            await _files.WriteAsync(groupResource, ns, name, changed.Root, _time, cancellationToken);
        }

        return changed;
    }

    public async Task<bool> DeleteAsync(ApiResource resource, string? ns, string name, CancellationToken cancellationToken)
    {
        CheckNames(resource, ns, name);
        string groupResource = resource.Gvr.GroupResource;
        using IDisposable held = await _lock.AcquireAsync(cancellationToken);
        if (!await _types.IsServedAsync(resource.Gvr, cancellationToken) || !_files.Exists(groupResource, ns, name))
        {
            return false;
        }

        if (groupResource == NamespaceResource)
        {
            await DeleteAllAsync(_files.GroupResources(), name, cancellationToken);
        }
        else if (groupResource == FolderTypes.CrdResource)
        {
            await DeleteAllAsync([name], null, cancellationToken);
        }

        await DeleteOneAsync(groupResource, ns, name, cancellationToken);
        return true;
    }

    public Task<(bool Met, KubeObject? Last)> WaitAsync(
        ApiResource resource, string? ns, string name, Func<KubeObject?, bool> condition, TimeSpan timeout, CancellationToken cancellationToken) =>
        ClusterWait.UntilAsync(token => TryGetAsync(resource, ns, name, token), condition, timeout, _time, cancellationToken);

    /// <summary>Deletes all objects of the types, in one namespace or (null) everywhere.</summary>
    private async Task DeleteAllAsync(IReadOnlyList<string> groupResources, string? ns, CancellationToken cancellationToken)
    {
        foreach (string groupResource in groupResources)
        {
            IReadOnlyList<string?> scopes = ns is not null ? [ns] : [.. _files.NamespacesOf(groupResource), null];
            foreach (string? scope in scopes)
            {
                foreach (string name in _files.NamesOf(groupResource, scope))
                {
                    await DeleteOneAsync(groupResource, scope, name, cancellationToken);
                }
            }
        }
    }

    private async Task DeleteOneAsync(string groupResource, string? ns, string name, CancellationToken cancellationToken)
    {
        JsonObject? claim = groupResource == FolderClaims.ClaimResource ? await _files.TryReadAsync(groupResource, ns, name, cancellationToken) : null;
        _files.Delete(groupResource, ns, name);
        if (claim is not null)
        {
            await _claims.ClaimDeletedAsync(new KubeObject(claim), cancellationToken);
        }
    }

    private async Task<KubeObject?> ReadAsync(Gvr type, string? ns, string name, CancellationToken cancellationToken)
    {
        JsonObject? root = await _files.TryReadAsync(type.GroupResource, ns, name, cancellationToken);
        if (root is null)
        {
            return null;
        }

        root["apiVersion"] = type.ApiVersion; // a file may have been written in an older version of the type
        KubeObject value = new(root);
        if (type.GroupResource == NamespaceResource)
        {
            root.TryAdd("status", new JsonObject { ["phase"] = "Active" });
        }

        return value;
    }

    private async Task CheckServedAsync(Gvr type, CancellationToken cancellationToken)
    {
        FolderNames.CheckType(type);
        if (!await _types.IsServedAsync(type, cancellationToken))
        {
            throw FolderError.TypeNotFound(type);
        }
    }

    private static void CheckNames(ApiResource resource, string? ns, string name)
    {
        FolderNames.CheckType(resource.Gvr);
        FolderNames.CheckName(resource.Gvr, name);
        if (resource.Namespaced != ns is not null)
        {
            throw FolderError.BadRequest(resource.Namespaced ? $"an empty namespace may not be set for {resource.Gvr}" : $"{resource.Gvr} has no namespaces");
        }

        if (ns is not null)
        {
            FolderNames.CheckNamespace(ns);
        }
    }
}
