using System.Text.Json.Nodes;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Json;

namespace BackupFunctions.Engine.Cluster.Folder;

/// <summary>The types that a cluster in a folder serves: the usual ones, those of <c>discovery.json</c>, those of its CRDs.</summary>
internal sealed class FolderTypes(string root, FolderFiles files)
{
    public const string CrdResource = "customresourcedefinitions.apiextensions.k8s.io";

    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>In the server order of Kubernetes 1.30: <c>apiVersion resource Kind namespaced|cluster singular [shortNames,…]</c>.</summary>
    private const string BuiltInTable = """
        v1 configmaps ConfigMap namespaced configmap cm
        v1 endpoints Endpoints namespaced endpoints ep
        v1 events Event namespaced event ev
        v1 limitranges LimitRange namespaced limitrange limits
        v1 namespaces Namespace cluster namespace ns
        v1 nodes Node cluster node no
        v1 persistentvolumeclaims PersistentVolumeClaim namespaced persistentvolumeclaim pvc
        v1 persistentvolumes PersistentVolume cluster persistentvolume pv
        v1 pods Pod namespaced pod po
        v1 podtemplates PodTemplate namespaced podtemplate
        v1 replicationcontrollers ReplicationController namespaced replicationcontroller rc
        v1 resourcequotas ResourceQuota namespaced resourcequota quota
        v1 secrets Secret namespaced secret
        v1 serviceaccounts ServiceAccount namespaced serviceaccount sa
        v1 services Service namespaced service svc
        apiregistration.k8s.io/v1 apiservices APIService cluster apiservice
        apps/v1 controllerrevisions ControllerRevision namespaced controllerrevision
        apps/v1 daemonsets DaemonSet namespaced daemonset ds
        apps/v1 deployments Deployment namespaced deployment deploy
        apps/v1 replicasets ReplicaSet namespaced replicaset rs
        apps/v1 statefulsets StatefulSet namespaced statefulset sts
        events.k8s.io/v1 events Event namespaced event ev
        autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler namespaced horizontalpodautoscaler hpa
        batch/v1 cronjobs CronJob namespaced cronjob cj
        batch/v1 jobs Job namespaced job
        certificates.k8s.io/v1 certificatesigningrequests CertificateSigningRequest cluster certificatesigningrequest csr
        networking.k8s.io/v1 ingressclasses IngressClass cluster ingressclass
        networking.k8s.io/v1 ingresses Ingress namespaced ingress ing
        networking.k8s.io/v1 networkpolicies NetworkPolicy namespaced networkpolicy netpol
        policy/v1 poddisruptionbudgets PodDisruptionBudget namespaced poddisruptionbudget pdb
        rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding cluster clusterrolebinding
        rbac.authorization.k8s.io/v1 clusterroles ClusterRole cluster clusterrole
        rbac.authorization.k8s.io/v1 rolebindings RoleBinding namespaced rolebinding
        rbac.authorization.k8s.io/v1 roles Role namespaced role
        storage.k8s.io/v1 csidrivers CSIDriver cluster csidriver
        storage.k8s.io/v1 csinodes CSINode cluster csinode
        storage.k8s.io/v1 csistoragecapacities CSIStorageCapacity namespaced csistoragecapacity
        storage.k8s.io/v1 storageclasses StorageClass cluster storageclass sc
        storage.k8s.io/v1 volumeattachments VolumeAttachment cluster volumeattachment
        admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration cluster mutatingwebhookconfiguration
        admissionregistration.k8s.io/v1 validatingadmissionpolicies ValidatingAdmissionPolicy cluster validatingadmissionpolicy
        admissionregistration.k8s.io/v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding cluster validatingadmissionpolicybinding
        admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration cluster validatingwebhookconfiguration
        apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition cluster customresourcedefinition crd,crds
        scheduling.k8s.io/v1 priorityclasses PriorityClass cluster priorityclass pc
        coordination.k8s.io/v1 leases Lease namespaced lease
        node.k8s.io/v1 runtimeclasses RuntimeClass cluster runtimeclass
        discovery.k8s.io/v1 endpointslices EndpointSlice namespaced endpointslice
        flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema cluster flowschema
        flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration cluster prioritylevelconfiguration
        """;

    private static readonly IReadOnlyList<ApiResource> BuiltIn = [.. BuiltInTable.Split('\n').Select(FromTableLine)];

    private static readonly HashSet<string> BuiltInNames = [.. BuiltIn.Select(type => type.Gvr.GroupResource)];

    /// <summary>Whether the type is one of Kubernetes' own, so that this server knows its status to be its own business.</summary>
    public static bool IsBuiltIn(string groupResource) => BuiltInNames.Contains(groupResource);

    public async Task<IReadOnlyList<ApiResource>> ListAsync(CancellationToken cancellationToken)
    {
        List<ApiResource> types = [.. BuiltIn];
        HashSet<string> known = [.. BuiltInNames];
        types.AddRange((await ReadDiscoveryAsync(cancellationToken)).Where(type => known.Add(type.Gvr.GroupResource)));
        foreach (string name in files.NamesOf(CrdResource, null))
        {
            if (await files.TryReadAsync(CrdResource, null, name, cancellationToken) is { } crd && FromCrd(crd) is { } type && known.Add(type.Gvr.GroupResource))
            {
                types.Add(type);
            }
        }

        return types;
    }

    /// <summary>Whether the type is served now. Reads no more than it must.</summary>
    public async Task<bool> IsServedAsync(Gvr type, CancellationToken cancellationToken)
    {
        string groupResource = type.GroupResource;
        return IsBuiltIn(groupResource)
            || files.Exists(CrdResource, null, groupResource)
            || (await ReadDiscoveryAsync(cancellationToken)).Any(other => other.Gvr.GroupResource == groupResource);
    }

    /// <summary>The CRD's type in the version that a server would prefer; null when it lacks what discovery needs or serves no version.</summary>
    public static ApiResource? FromCrd(JsonObject crd)
    {
        if (crd["spec"] is not JsonObject spec || spec["names"] is not JsonObject names || Text(spec, "group") is not { } group
            || Text(names, "plural") is not { } plural || Text(names, "kind") is not { } kind)
        {
            return null;
        }

        string? version = (spec["versions"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(candidate => candidate["served"] is not JsonValue served || !served.TryGetValue(out bool isServed) || isServed)
            .Select(candidate => Text(candidate, "name"))
            .OfType<string>()
            .OrderByDescending(name => name, ApiVersionOrder.Instance)
            .FirstOrDefault();
        string[] shortNames = names["shortNames"] is JsonArray array ? [.. array.OfType<JsonValue>().Select(value => value.ToString())] : [];
        return version is null
            ? null
            : new ApiResource(
                new Gvr(group, version, plural), kind, Text(spec, "scope") != "Cluster", AllVerbs, Text(names, "singular") ?? kind.ToLowerInvariant(), shortNames);
    }

    private async Task<IReadOnlyList<ApiResource>> ReadDiscoveryAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(root, "discovery.json");
        if (!File.Exists(path))
        {
            return [];
        }

        JsonArray entries = YamlReader.Parse(await File.ReadAllTextAsync(path, cancellationToken)) as JsonArray ?? throw Invalid(path, "it is not a list");
        return [.. entries.Select(entry => FromEntry(entry as JsonObject ?? throw Invalid(path, "an entry is not an object"), path))];
    }

    private static ApiResource FromEntry(JsonObject entry, string path)
    {
        string Required(string member) => Text(entry, member) ?? throw Invalid(path, $"an entry lacks '{member}'");
        string kind = Required("kind");
        bool namespaced = entry["namespaced"] is not JsonValue value || !value.TryGetValue(out bool isNamespaced) || isNamespaced;
        return new ApiResource(
            new Gvr(Text(entry, "group") ?? "", Required("version"), Required("resource")), kind, namespaced, AllVerbs, kind.ToLowerInvariant(), []);
    }

    private static ApiResource FromTableLine(string line)
    {
        string[] columns = line.Split(' ');
        int slash = columns[0].IndexOf('/', StringComparison.Ordinal);
        Gvr type = new(slash < 0 ? "" : columns[0][..slash], columns[0][(slash + 1)..], columns[1]);
        return new ApiResource(type, columns[2], columns[3] == "namespaced", AllVerbs, columns[4], columns.Length > 5 ? columns[5].Split(',') : []);
    }

    private static string? Text(JsonObject parent, string member) =>
        parent[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static BackupException Invalid(string path, string problem) =>
        new(ErrorKind.InvalidInput, $"{path} is not valid: {problem}.", "See the README of engine/Cluster for its form.");
}
