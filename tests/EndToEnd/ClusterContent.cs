using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Tests.Peers.Kubernetes;

namespace BackupFunctions.Tests.EndToEnd;

/// <summary>Three namespaces of mixed objects on the test cluster, and a way to compare what was there with what came back.</summary>
internal sealed class ClusterContent(KubeApi api, string suffix)
{
    public const string SecretText = "the-secret-of-the-application";

    /// <summary>Fields that a restore must change or the server fills anew.</summary>
    private static readonly string[] MetadataOfServer = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink", "ownerReferences"];

    private readonly string group = $"{suffix}.example.org";

    public IReadOnlyList<string> Namespaces { get; } = [$"media-{suffix}", $"metrics-{suffix}", $"login-{suffix}"];

    public string StaticVolume => $"static-{suffix}";

    /// <summary>Namespaced types by their path after the version, with the prefix that serves them.</summary>
    private IReadOnlyList<(string Prefix, string Resource)> Types =>
    [
        ("/api/v1", "configmaps"), ("/api/v1", "secrets"), ("/api/v1", "services"), ("/api/v1", "serviceaccounts"), ("/api/v1", "persistentvolumeclaims"),
        ("/apis/apps/v1", "deployments"), ("/apis/apps/v1", "statefulsets"), ("/apis/batch/v1beta1", "cronjobs"),
        ("/apis/rbac.authorization.k8s.io/v1", "roles"), ("/apis/rbac.authorization.k8s.io/v1", "rolebindings"),
        ("/apis/networking.k8s.io/v1", "ingresses"), ($"/apis/{group}/v1", "gadgets"),
    ];

    public async Task CreateAsync(string nas)
    {
        await api.CreateAsync($$$$$$$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"gadgets.{{{{{{{{group}}}}}}}}","labels":{"part":"{{{{{{{{suffix}}}}}}}}"}},
             "spec":{"group":"{{{{{{{{group}}}}}}}}","scope":"Namespaced","names":{"plural":"gadgets","singular":"gadget","kind":"Gadget","listKind":"GadgetList"},
                     "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """);
        await api.CreateAsync($$$$$$$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"reader-{{{{{{{{suffix}}}}}}}}"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}
            """);
        await api.CreateAsync($$$$$$$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"reader-{{{{{{{{suffix}}}}}}}}"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reader-{{{{{{{{suffix}}}}}}}}"},
             "subjects":[{"kind":"ServiceAccount","name":"worker","namespace":"{{{{{{{{Namespaces[1]}}}}}}}}"}]}
            """);
        foreach (string ns in Namespaces)
        {
            await CreateNamespaceAsync(ns);
        }

        await CreateStaticClaimAsync(Namespaces[2], nas);
    }

    public async Task DeleteAsync()
    {
        foreach (string ns in Namespaces)
        {
            await api.DeleteAsync($"/api/v1/namespaces/{ns}");
        }

        await api.DeleteAsync($"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/reader-{suffix}");
        await api.DeleteAsync($"/apis/rbac.authorization.k8s.io/v1/clusterroles/reader-{suffix}");
        foreach (string ns in Namespaces)
        {
            await api.WaitUntilGoneAsync($"/api/v1/namespaces/{ns}");
        }

        await api.DeleteAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.{group}");
        await api.WaitUntilGoneAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.{group}");
    }

    /// <summary>Every object of the namespaces without what a restore must change; key: path.</summary>
    public async Task<SortedDictionary<string, string>> DescribeAsync()
    {
        SortedDictionary<string, string> objects = new(StringComparer.Ordinal);
        foreach (string ns in Namespaces)
        {
            Add(objects, await api.GetAsync($"/api/v1/namespaces/{ns}"), "namespaces");
            foreach ((string prefix, string resource) in Types)
            {
                JsonObject list = await api.GetAsync($"{prefix}/namespaces/{ns}/{resource}");
                foreach (JsonObject item in list["items"]!.AsArray().OfType<JsonObject>().Where(item => !IsMadeByCluster(resource, item)))
                {
                    Add(objects, item, resource);
                }
            }
        }

        Add(objects, await api.GetAsync($"/apis/rbac.authorization.k8s.io/v1/clusterroles/reader-{suffix}"), "clusterroles");
        Add(objects, await api.GetAsync($"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/reader-{suffix}"), "clusterrolebindings");
        Add(objects, await api.GetAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.{group}"), "customresourcedefinitions");
        return objects;
    }

    /// <summary>The folder of a claim's data.</summary>
    public async Task<string> FolderOfAsync(string nas, string ns, string claim)
    {
        JsonObject? bound = await api.WaitUntilAsync($"/api/v1/namespaces/{ns}/persistentvolumeclaims/{claim}", found => found?["status"]?["phase"]?.ToString() == "Bound");
        JsonObject volume = await api.GetAsync($"/api/v1/persistentvolumes/{bound!["spec"]!["volumeName"]}");
        return Path.Combine(nas, volume["spec"]!["nfs"]!["path"]!.ToString()[(TestProvisioner.Export.Length + 1)..]);
    }

    private static bool IsMadeByCluster(string resource, JsonObject item) => (resource, item["metadata"]!["name"]!.ToString()) switch
    {
        ("configmaps", "kube-root-ca.crt") => true,
        ("serviceaccounts", "default") => true,
        ("secrets", _) => item["type"]?.ToString() == "kubernetes.io/service-account-token",
        _ => false,
    };

    private static void Add(SortedDictionary<string, string> objects, JsonObject item, string resource)
    {
        JsonObject metadata = item["metadata"]!.AsObject();
        foreach (string field in MetadataOfServer)
        {
            metadata.Remove(field);
        }

        RemoveKeys(metadata, "labels", key => key.StartsWith("velero.io/", StringComparison.Ordinal));
        RemoveKeys(metadata, "annotations", key => key.StartsWith("pv.kubernetes.io/", StringComparison.Ordinal) || key.StartsWith("deployment.kubernetes.io/", StringComparison.Ordinal));
        metadata.Remove("finalizers"); // protection of claims is put on by the cluster
        item.Remove("status");
        item.Remove("secrets"); // tokens of service accounts
        JsonObject? spec = item["spec"] as JsonObject;
        if (resource == "services")
        {
            spec!.Remove("clusterIP");
            spec.Remove("clusterIPs");
            foreach (JsonObject port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>().Where(port => port["name"]?.ToString() != "asked"))
            {
                port.Remove("nodePort");
            }
        }

        if (resource == "persistentvolumeclaims")
        {
            spec!.Remove("volumeName");
        }

        objects[$"{resource}/{metadata["namespace"]}/{metadata["name"]}"] = Sorted(item)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() });
    }

    private static void RemoveKeys(JsonObject metadata, string map, Func<string, bool> remove)
    {
        if (metadata[map] is JsonObject values)
        {
            foreach (string key in values.Select(entry => entry.Key).Where(remove).ToList())
            {
                values.Remove(key);
            }

            if (values.Count == 0)
            {
                metadata.Remove(map);
            }
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        null => null,
        _ => node.DeepClone(),
    };

    private async Task CreateNamespaceAsync(string ns)
    {
        string secret = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(SecretText));
        await api.CreateAsync($$$$$$$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{{{{{{ns}}}}}}}}","labels":{"team":"home"},"annotations":{"contact":"me"}}}""");
        string[] objects =
        [
            $$$$$$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"{{{{{{{{ns}}}}}}}}"},"data":{"a":"1","text":"<&>\u00e9"},"binaryData":{"b":"AAECAw=="}}""",
            $$$$$$$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"apikey","namespace":"{{{{{{{{ns}}}}}}}}"},"type":"Opaque","data":{"key":"{{{{{{{{secret}}}}}}}}"}}""",
            $$$$$$$$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"worker","namespace":"{{{{{{{{ns}}}}}}}}","labels":{"app":"web"}}}""",
            $$$$$$$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"type":"NodePort","selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":8080}]}}""",
            $$$$$$$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"peers","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"clusterIP":"None","selector":{"app":"web"},"ports":[{"name":"peer","port":7000}]}}""",
            $$$$$$$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"serviceAccountName":"worker","containers":[{"name":"web","image":"web:1","env":[{"name":"A","value":"b"}]}],"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"data"}}]}}}}""",
            $$$$$$$$"""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"serviceName":"peers","replicas":1,"selector":{"matchLabels":{"app":"db"}},"template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"db","image":"db:1"}]}}}}""",
            $$$$$$$$"""{"apiVersion":"batch/v1beta1","kind":"CronJob","metadata":{"name":"nightly","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"schedule":"0 1 * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"job","image":"job:1"}]}}}}}}""",
            $$$$$$$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"own","namespace":"{{{{{{{{ns}}}}}}}}"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}]}""",
            $$$$$$$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"own","namespace":"{{{{{{{{ns}}}}}}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"own"},"subjects":[{"kind":"ServiceAccount","name":"worker","namespace":"{{{{{{{{ns}}}}}}}}"}]}""",
            $$$$$$$$"""{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"rules":[{"host":"{{{{{{{{ns}}}}}}}}.example.org","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"name":"http"}}}}]}}]}}""",
            $$$$$$$$"""{"apiVersion":"{{{{{{{{group}}}}}}}}/v1","kind":"Gadget","metadata":{"name":"one","namespace":"{{{{{{{{ns}}}}}}}}","labels":{"app":"gadget"},"annotations":{"x":"y"}},"spec":{"ratio":1.5,"big":9007199254740993,"empty":{},"list":[1,"two",null]}}""",
            $$$$$$$$"""{"apiVersion":"{{{{{{{{group}}}}}}}}/v1","kind":"Gadget","metadata":{"name":"two","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"text":""}}""",
            $$$$$$$$"""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"{{{{{{{{ns}}}}}}}}"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"{{{{{{{{TestProvisioner.Class}}}}}}}}","resources":{"requests":{"storage":"1Gi"}}}}""",
        ];
        foreach (string json in objects)
        {
            await api.CreateAsync(json);
        }
    }

    /// <summary>A volume that an administrator made by hand, and a claim bound to it by name.</summary>
    private async Task CreateStaticClaimAsync(string ns, string nas)
    {
        Directory.CreateDirectory(Path.Combine(nas, StaticVolume));
        await api.CreateAsync($$$$$$$$"""
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{{{{{{{StaticVolume}}}}}}}}"},
             "spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany"],"persistentVolumeReclaimPolicy":"Retain",
                     "nfs":{"server":"{{{{{{{{TestProvisioner.Server}}}}}}}}","path":"{{{{{{{{TestProvisioner.Export}}}}}}}}/{{{{{{{{StaticVolume}}}}}}}}"}}}
            """);
        await api.CreateAsync($$$$$$$$"""
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"by-hand","namespace":"{{{{{{{{ns}}}}}}}}"},
             "spec":{"accessModes":["ReadWriteMany"],"storageClassName":"","volumeName":"{{{{{{{{StaticVolume}}}}}}}}","resources":{"requests":{"storage":"1Gi"}}}}
            """);
    }
}
