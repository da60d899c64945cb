using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using Xunit;

namespace BackupFunctions.Tests.Contracts;

/// <summary>What every <see cref="ICluster"/> must do. Each test works in a namespace of its own.</summary>
public abstract class ClusterContract
{
    protected static CancellationToken None => CancellationToken.None;

    /// <summary>Opens the cluster under test.</summary>
    protected abstract Task<ICluster> OpenAsync();

    protected static async Task<ApiResource> TypeAsync(ICluster cluster, string name) =>
        (await cluster.DiscoverAsync(None)).Find(name) ?? throw new InvalidOperationException($"No type {name}.");

    protected static async Task<List<KubeObject>> ListAsync(ICluster cluster, string type, string? ns, string? selector = null)
    {
        List<KubeObject> found = [];
        await foreach (KubeObject item in cluster.ListAsync(await TypeAsync(cluster, type), ns, selector, None))
        {
            found.Add(item);
        }

        return found;
    }

    protected static async Task<string> NewNamespaceAsync(ICluster cluster)
    {
        string name = "t-" + Guid.NewGuid().ToString("N")[..12];
        await CreateAsync(cluster, "namespaces", $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        return name;
    }

    protected static async Task<KubeObject> CreateAsync(ICluster cluster, string type, string json) =>
        await cluster.CreateAsync(await TypeAsync(cluster, type), new KubeObject((JsonObject)JsonNode.Parse(json)!), None);

    protected static string ConfigMap(string ns, string name, string labels = "{}", string data = "{}") =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","labels":{{{labels}}}},"data":{{{data}}}}""";

    protected static string Crd(string plural, string kind) => $$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{plural}}}.contract.test"},
         "spec":{"group":"contract.test","scope":"Namespaced","names":{"plural":"{{{plural}}}","singular":"{{{kind.ToLowerInvariant()}}}","kind":"{{{kind}}}","listKind":"{{{kind}}}List"},
          "versions":[
           {"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}} },
           {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}} }]} }
        """;

    [ContractFact]
    public async Task Version_and_the_usual_types_are_told()
    {
        ICluster cluster = await OpenAsync();
        Assert.StartsWith("v1.", (await cluster.GetVersionAsync(None)).GitVersion, StringComparison.Ordinal);
        ApiDiscovery discovery = await cluster.DiscoverAsync(None);
        Assert.Empty(discovery.FailedGroups);
        Assert.Equal(new Gvr("", "v1", "pods"), discovery.Find("po")?.Gvr);
        Assert.Equal(new Gvr("apps", "v1", "deployments"), discovery.Find("deployments.apps")?.Gvr);
        Assert.True(discovery.Find("configmap")?.IsBackupable);
        Assert.False(discovery.Find("PersistentVolume")?.Namespaced);
        Assert.DoesNotContain(discovery.Preferred, type => type.Gvr.Resource.Contains('/', StringComparison.Ordinal));
        Assert.Equal(discovery.Preferred.Count, discovery.Preferred.Select(type => type.Gvr.GroupResource).Distinct().Count());
    }

    [ContractFact]
    public async Task A_created_object_is_read_back_with_identity_and_its_own_data()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        KubeObject created = await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a", data: """{"key":"zwölf\nlines","n":"007"}"""));
        Assert.False(string.IsNullOrEmpty(created.Uid));
        Assert.NotNull(created.TextAt("metadata", "resourceVersion"));
        Assert.NotNull(created.TextAt("metadata", "creationTimestamp"));

        KubeObject? read = await cluster.TryGetAsync(await TypeAsync(cluster, "configmaps"), ns, "a", None);
        Assert.NotNull(read);
        Assert.Equal("zwölf\nlines", read.TextAt("data", "key"));
        Assert.Equal("007", read.TextAt("data", "n"));
        Assert.Equal(created.Uid, read.Uid);
        Assert.Equal(("v1", "ConfigMap"), (read.ApiVersion, read.Kind));
    }

    [ContractFact]
    public async Task What_does_not_exist_is_null_when_read_and_false_when_deleted()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        ApiResource type = await TypeAsync(cluster, "configmaps");
        Assert.Null(await cluster.TryGetAsync(type, ns, "none", None));
        Assert.False(await cluster.DeleteAsync(type, ns, "none", None));
        Assert.Empty(await ListAsync(cluster, "secrets", "no-such-namespace"));
    }

    [ContractFact]
    public async Task Creating_twice_is_refused_as_already_existing()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a"));
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => CreateAsync(cluster, "configmaps", ConfigMap(ns, "a")));
        Assert.Equal((ErrorKind.AlreadyExists, 409, "AlreadyExists"), (refused.Kind, refused.StatusCode, refused.Reason));
        Assert.Contains("\"a\"", refused.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task Creating_in_a_missing_namespace_is_not_found()
    {
        ICluster cluster = await OpenAsync();
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => CreateAsync(cluster, "configmaps", ConfigMap("no-such-namespace", "a")));
        Assert.Equal(ErrorKind.NotFound, refused.Kind);
        Assert.Contains("no-such-namespace", refused.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task An_impossible_name_is_invalid_input()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => CreateAsync(cluster, "configmaps", ConfigMap(ns, "Not_A_Name")));
        Assert.Equal((ErrorKind.InvalidInput, 422), (refused.Kind, refused.StatusCode));
    }

    [ContractFact]
    public async Task A_merge_patch_sets_removes_and_keeps()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a", """{"keep":"1","drop":"2"}""", """{"x":"1","y":"2"}"""));
        ApiResource type = await TypeAsync(cluster, "configmaps");
        JsonObject patch = (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"drop":null,"new":"3"}},"data":{"x":"changed"}}""")!;
        KubeObject patched = await cluster.MergePatchAsync(type, ns, "a", patch, None);
        Assert.Equal("changed", patched.TextAt("data", "x"));
        KubeObject read = (await cluster.TryGetAsync(type, ns, "a", None))!;
        Assert.Equal(("1", null, "3"), (read.Label("keep"), read.Label("drop"), read.Label("new")));
        Assert.Equal(("changed", "2"), (read.TextAt("data", "x"), read.TextAt("data", "y")));
    }

    [ContractFact]
    public async Task A_patch_that_names_an_old_resource_version_conflicts()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        KubeObject created = await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a"));
        ApiResource type = await TypeAsync(cluster, "configmaps");
        await cluster.MergePatchAsync(type, ns, "a", new JsonObject { ["data"] = new JsonObject { ["x"] = "1" } }, None);
        JsonObject stale = new()
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = created.TextAt("metadata", "resourceVersion") },
            ["data"] = new JsonObject { ["x"] = "2" },
        };
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => cluster.MergePatchAsync(type, ns, "a", stale, None));
        Assert.Equal((ErrorKind.Conflict, "Conflict"), (refused.Kind, refused.Reason));
    }

    [ContractFact]
    public async Task A_patch_of_a_missing_object_is_not_found()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        ApiResource type = await TypeAsync(cluster, "configmaps");
        KubeApiException refused = await Assert.ThrowsAsync<KubeApiException>(() => cluster.MergePatchAsync(type, ns, "none", [], None));
        Assert.Equal(ErrorKind.NotFound, refused.Kind);
    }

    [ContractFact]
    public async Task A_list_is_by_namespace_and_by_labels_and_items_say_what_they_are()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        string other = await NewNamespaceAsync(cluster);
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "b", """{"tier":"web"}"""));
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a", """{"tier":"db"}"""));
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "c"));
        await CreateAsync(cluster, "configmaps", ConfigMap(other, "d", """{"tier":"db"}"""));

        static string[] Own(IEnumerable<KubeObject> found) => [.. found.Select(item => item.Name).Where(name => name.Length == 1)];
        Assert.Equal(["a", "b", "c"], Own(await ListAsync(cluster, "configmaps", ns)));
        Assert.Equal(["a", "b"], Own(await ListAsync(cluster, "configmaps", ns, "tier in (web,db)")));
        Assert.Equal(["b", "c"], Own(await ListAsync(cluster, "configmaps", ns, "tier!=db")));
        Assert.Equal(["b", "c"], Own(await ListAsync(cluster, "configmaps", ns, "tier notin (db)")));
        List<KubeObject> everywhere = await ListAsync(cluster, "configmaps", null, "tier=db");
        Assert.Equal(["a", "d"], everywhere.Where(item => item.Namespace == ns || item.Namespace == other).Select(item => item.Name).Order());
        Assert.All(everywhere, item => Assert.Equal(["apiVersion", "kind"], item.Root.Select(member => member.Key).Take(2).Order()));
    }

    [ContractFact]
    public async Task A_custom_type_is_served_once_its_definition_is_established_and_goes_with_it()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        string plural = "things" + Guid.NewGuid().ToString("N")[..6];
        string kind = "Thing" + plural[6..];
        ApiResource definitions = await TypeAsync(cluster, "customresourcedefinitions.apiextensions.k8s.io");
        await CreateAsync(cluster, "crds", Crd(plural, kind));
        (bool established, _) = await cluster.WaitAsync(definitions, null, plural + ".contract.test", IsEstablished, TimeSpan.FromSeconds(30), None);
        Assert.True(established);
        await WaitForAsync(async () => (await cluster.DiscoverAsync(None)).FindGroupResource(plural + ".contract.test") is not null);

        ApiResource type = await TypeAsync(cluster, plural + ".contract.test");
        Assert.Equal((new Gvr("contract.test", "v1", plural), kind, true), (type.Gvr, type.Kind, type.Namespaced));
        const string Numbers = """{"float":1.0,"exponent":1e3,"big":9007199254740993,"negative":-0.50,"nested":{"list":[1,2.50,"1.0",true,null,{}]}}""";
        await CreateAsync(cluster, type.Gvr.GroupResource, $$$"""{"apiVersion":"contract.test/v1","kind":"{{{kind}}}","metadata":{"name":"one","namespace":"{{{ns}}}"},"spec":{{{Numbers}}}}""");
        KubeObject read = Assert.Single(await ListAsync(cluster, type.Gvr.GroupResource, ns));
        Assert.Equal("9007199254740993", read.NodeAt("spec", "big")!.ToJsonString());
        Assert.Equal((double)1000, read.NodeAt("spec", "exponent")!.GetValue<double>());
        CheckNumbers(read.Spec!);

        Assert.True(await cluster.DeleteAsync(definitions, null, plural + ".contract.test", None));
        Assert.True((await cluster.WaitAsync(definitions, null, plural + ".contract.test", found => found is null, TimeSpan.FromSeconds(30), None)).Met);
        Assert.Null(await cluster.TryGetAsync(type, ns, "one", None));
    }

    [ContractFact]
    public async Task Deleting_a_namespace_deletes_what_is_in_it()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a"));
        ApiResource namespaces = await TypeAsync(cluster, "namespaces");
        Assert.True(await cluster.DeleteAsync(namespaces, null, ns, None));
        (bool gone, _) = await cluster.WaitAsync(namespaces, null, ns, found => found is null, TimeSpan.FromSeconds(60), None);
        Assert.True(gone);
        Assert.Empty(await ListAsync(cluster, "configmaps", ns));
    }

    [ContractFact]
    public async Task A_claim_that_names_a_volume_kept_for_it_is_bound()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        string volume = "pv-" + ns;
        await CreateAsync(cluster, "persistentvolumes", $$$"""
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{{volume}}}"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany"],
             "persistentVolumeReclaimPolicy":"Retain","storageClassName":"","nfs":{"server":"nas.lan","path":"/volume1/k8s/data"},"claimRef":{"namespace":"{{{ns}}}","name":"data"} } }
            """);
        await CreateAsync(cluster, "persistentvolumeclaims", $$$"""
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"{{{ns}}}"},"spec":{"accessModes":["ReadWriteMany"],
             "storageClassName":"","volumeName":"{{{volume}}}","resources":{"requests":{"storage":"1Gi"} } } }
            """);
        ApiResource claims = await TypeAsync(cluster, "pvc");
        (bool bound, KubeObject? claim) = await cluster.WaitAsync(claims, ns, "data", found => found?.TextAt("status", "phase") == "Bound", TimeSpan.FromSeconds(60), None);
        Assert.True(bound);
        KubeObject kept = (await cluster.TryGetAsync(await TypeAsync(cluster, "pv"), null, volume, None))!;
        Assert.Equal(claim!.Uid, kept.TextAt("spec", "claimRef", "uid"));
        Assert.Equal("Bound", kept.TextAt("status", "phase"));
    }

    [ContractFact]
    public async Task A_wait_ends_with_the_last_object_when_its_time_is_over()
    {
        ICluster cluster = await OpenAsync();
        string ns = await NewNamespaceAsync(cluster);
        await CreateAsync(cluster, "configmaps", ConfigMap(ns, "a"));
        (bool met, KubeObject? last) = await cluster.WaitAsync(await TypeAsync(cluster, "cm"), ns, "a", found => found is null, TimeSpan.FromMilliseconds(50), None);
        Assert.False(met);
        Assert.Equal("a", last?.Name);
    }

    /// <summary>Real servers spell some numbers anew when they store them; a store that promises more overrides this.</summary>
    protected virtual void CheckNumbers(JsonObject spec) => Assert.Equal(-0.5, spec["negative"]!.GetValue<double>());

    private static bool IsEstablished(KubeObject? definition) =>
        definition?.NodeAt("status", "conditions") is JsonArray conditions
        && conditions.OfType<JsonObject>().Any(condition => condition["type"]?.ToString() == "Established" && condition["status"]?.ToString() == "True");

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        // A real server serves a new type a moment after it says so.
        for (int i = 0; i < 100 && !await condition(); i++)
        {
            await Task.Delay(100);
        }

        Assert.True(await condition());
    }
}
