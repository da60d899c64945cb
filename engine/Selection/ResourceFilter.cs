using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Selection;

/// <summary>
/// Which types are collected, and which related objects of cluster scope may come along. Names are resolved against the cluster's
/// discovery once, on construction (plural, singular, short name, kind, <c>resource.group</c>).
/// </summary>
public sealed class ResourceFilter
{
    private const string Namespaces = "namespaces";

    /// <summary>Snapshot objects make sense only together with the snapshots they stand for; they never come as plain objects.</summary>
    private static readonly string[] NeverPlain = ["volumesnapshots.snapshot.storage.k8s.io", "volumesnapshotcontents.snapshot.storage.k8s.io"];

    private readonly ResourceFilterSpec _spec;
    private readonly NameSet _old;
    private readonly NameSet _cluster;
    private readonly NameSet _namespaced;

    /// <summary>Expects a specification without problems (<see cref="ResourceFilterSpec.Validate"/>).</summary>
    public ResourceFilter(ResourceFilterSpec spec, ApiDiscovery discovery)
    {
        _spec = spec;
        List<string> unknown = [];
        _old = new NameSet(spec.IncludedResources, spec.ExcludedResources, discovery, unknown);
        _cluster = new NameSet(spec.IncludedClusterScoped, spec.ExcludedClusterScoped, discovery, unknown);
        _namespaced = new NameSet(spec.IncludedNamespaceScoped, spec.ExcludedNamespaceScoped, discovery, unknown);
        UnknownNames = [.. unknown.Distinct()];
    }

    /// <summary>Names in the filters that the cluster knows no type for; worth a warning.</summary>
    public IReadOnlyList<string> UnknownNames { get; }

    /// <summary>Whether the objects of the type are listed and collected.</summary>
    /// <param name="type">The type.</param>
    /// <param name="allNamespaces">Whether the namespace filter takes everything.</param>
    public bool Collects(ApiResource type, bool allNamespaces)
    {
        string name = type.Gvr.GroupResource;
        if (NeverPlain.Contains(name))
        {
            return false;
        }

        return _spec.IsOldStyle ? CollectsOldStyle(type, allNamespaces) : CollectsNewStyle(type, allNamespaces);
    }

    /// <summary>Whether an object of cluster scope may come along because a collected object needs it; not being listed is no reason against it.</summary>
    public bool AllowsRelatedClusterType(ApiResource type)
    {
        string name = type.Gvr.GroupResource;
        if (name == Namespaces)
        {
            return true;
        }

        return _spec.IsOldStyle
            ? !_old.Excludes(name) && _spec.IncludeClusterResources != false && (_spec.IncludeClusterResources == true || _old.Includes(name))
            : !_cluster.Excludes(name);
    }

    /// <summary>Whether objects of a namespaced type are taken at all, also when something else refers to them.</summary>
    public bool AllowsNamespacedType(ApiResource type) => (_spec.IsOldStyle ? _old : _namespaced).Takes(type.Gvr.GroupResource);

    private bool CollectsOldStyle(ApiResource type, bool allNamespaces)
    {
        bool isNamespace = type.Gvr.GroupResource == Namespaces;
        bool wrongScope = !type.Namespaced
            && (_spec.IncludeClusterResources == false || (_spec.IncludeClusterResources is null && !allNamespaces && !isNamespace));
        return !wrongScope && _old.Takes(type.Gvr.GroupResource);
    }

    private bool CollectsNewStyle(ApiResource type, bool allNamespaces)
    {
        string name = type.Gvr.GroupResource;
        if (type.Namespaced)
        {
            return _namespaced.Takes(name);
        }

        if (_cluster.Excludes(name))
        {
            return false;
        }

        bool everything = _cluster.IsEmpty && _namespaced.IsUnfiltered && allNamespaces;
        return everything || name == Namespaces || _cluster.IncludesByName(name);
    }

    /// <summary>An include and an exclude list of type names or patterns.</summary>
    private sealed class NameSet(IReadOnlyList<string> includes, IReadOnlyList<string> excludes, ApiDiscovery discovery, List<string> unknown)
    {
        private readonly string[] _includes = Resolve(includes, discovery, unknown);
        private readonly string[] _excludes = Resolve(excludes, discovery, unknown);

        public bool IsEmpty => _includes.Length == 0 && _excludes.Length == 0;

        public bool IsUnfiltered => _excludes.Length == 0 && _includes is [] or ["*"];

        public bool Excludes(string name) => _excludes.Any(pattern => NamePattern.Matches(pattern, name));

        public bool IncludesByName(string name) => _includes.Any(pattern => NamePattern.Matches(pattern, name));

        public bool Includes(string name) => _includes.Length == 0 || IncludesByName(name);

        public bool Takes(string name) => !Excludes(name) && Includes(name);

        private static string[] Resolve(IReadOnlyList<string> names, ApiDiscovery discovery, List<string> unknown)
        {
            List<string> resolved = [];
            foreach (string name in names)
            {
                string? found = discovery.Find(name)?.Gvr.GroupResource;
                resolved.Add(found ?? name);
                if (found is null && !NamePattern.HasWildcard(name))
                {
                    unknown.Add(name);
                }
            }

            return [.. resolved];
        }
    }
}
