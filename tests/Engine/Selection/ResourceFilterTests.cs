using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Selection;
using Xunit;

namespace BackupFunctions.Tests.Engine.Selection;

public sealed class ResourceFilterTests
{
    private static readonly ApiDiscovery Discovery = new(
        [
            Type("", "configmaps", true, "cm"), Type("", "namespaces", false, "ns"), Type("", "persistentvolumes", false, "pv"), Type("", "pods", true, "po"),
            Type("apps", "deployments", true, "deploy"), Type("rbac.authorization.k8s.io", "clusterroles", false),
            Type("snapshot.storage.k8s.io", "volumesnapshots", true), Type("snapshot.storage.k8s.io", "volumesnapshotcontents", false),
        ],
        []);

    private const string AllNamespaced = "configmaps,pods,deployments.apps";
    private const string AllCluster = "namespaces,persistentvolumes,clusterroles.rbac.authorization.k8s.io";

    [Theory]
    [InlineData(true, AllNamespaced + "," + AllCluster)]
    [InlineData(false, AllNamespaced + ",namespaces")]
    public void Without_filters_cluster_types_are_taken_with_all_namespaces_only(bool allNamespaces, string expected) =>
        AssertCollects(new ResourceFilterSpec(), allNamespaces, expected);

    [Fact]
    public void The_old_include_list_takes_short_names_and_leaves_the_rest() =>
        AssertCollects(new ResourceFilterSpec { IncludedResources = ["po", "deploy"] }, false, "pods,deployments.apps");

    [Fact]
    public void The_old_include_list_takes_cluster_types_with_all_namespaces() =>
        AssertCollects(new ResourceFilterSpec { IncludedResources = ["pods", "pv"] }, true, "pods,persistentvolumes");

    [Fact]
    public void Including_cluster_resources_takes_them_with_chosen_namespaces_too() =>
        AssertCollects(new ResourceFilterSpec { IncludeClusterResources = true, ExcludedResources = ["clusterroles"] }, false, AllNamespaced + ",namespaces,persistentvolumes");

    [Fact]
    public void Refusing_cluster_resources_leaves_out_all_of_them() =>
        AssertCollects(new ResourceFilterSpec { IncludeClusterResources = false }, true, AllNamespaced);

    [Fact]
    public void New_style_cluster_types_are_taken_by_name_or_star()
    {
        AssertCollects(new ResourceFilterSpec { IncludedClusterScoped = ["clusterroles"] }, false, AllNamespaced + ",namespaces,clusterroles.rbac.authorization.k8s.io");
        AssertCollects(new ResourceFilterSpec { IncludedClusterScoped = ["*"], ExcludedClusterScoped = ["pv"] }, false, AllNamespaced + ",namespaces,clusterroles.rbac.authorization.k8s.io");
        AssertCollects(new ResourceFilterSpec { ExcludedClusterScoped = ["*"] }, true, AllNamespaced);
        AssertCollects(new ResourceFilterSpec { IncludedNamespaceScoped = ["cm"] }, true, "configmaps,namespaces");
        AssertCollects(new ResourceFilterSpec { ExcludedNamespaceScoped = ["*"] }, true, "namespaces");
        AssertCollects(new ResourceFilterSpec { IncludedNamespaceScoped = ["*.apps"] }, true, "deployments.apps,namespaces");
    }

    [Fact]
    public void Related_cluster_objects_come_along_unless_excluded()
    {
        ApiResource volumes = Discovery.Find("pv")!;
        Assert.True(new ResourceFilter(new ResourceFilterSpec(), Discovery).AllowsRelatedClusterType(volumes));
        Assert.True(Filter(new() { IncludedClusterScoped = ["clusterroles"] }).AllowsRelatedClusterType(volumes));
        Assert.False(Filter(new() { ExcludedClusterScoped = ["pv"] }).AllowsRelatedClusterType(volumes));
        Assert.False(Filter(new() { ExcludedClusterScoped = ["*"] }).AllowsRelatedClusterType(volumes));
        Assert.True(Filter(new() { ExcludedClusterScoped = ["*"] }).AllowsRelatedClusterType(Discovery.Find("ns")!));
        Assert.False(Filter(new() { IncludeClusterResources = false }).AllowsRelatedClusterType(volumes));
        Assert.False(Filter(new() { IncludedResources = ["pods"] }).AllowsRelatedClusterType(volumes));
        Assert.True(Filter(new() { IncludedResources = ["pods"], IncludeClusterResources = true }).AllowsRelatedClusterType(volumes));
    }

    [Fact]
    public void Names_without_a_type_are_told() =>
        Assert.Equal(["widgets"], Filter(new() { IncludedResources = ["widgets", "po", "*.apps"] }).UnknownNames);

    [Fact]
    public void Filters_that_contradict_each_other_are_refused()
    {
        Assert.Empty(new ResourceFilterSpec { IncludedResources = ["pods"], IncludeClusterResources = true }.Validate());
        Assert.Empty(new ResourceFilterSpec { ExcludedClusterScoped = ["*"], IncludedNamespaceScoped = ["pods"] }.Validate());
        Assert.Single(new ResourceFilterSpec { IncludedResources = ["pods"], ExcludedClusterScoped = ["*"] }.Validate());
        Assert.Single(new ResourceFilterSpec { IncludedResources = ["*", "pods"] }.Validate());
        Assert.Single(new ResourceFilterSpec { ExcludedResources = ["*"] }.Validate());
        Assert.Single(new ResourceFilterSpec { IncludedResources = ["pods"], ExcludedResources = ["pods"] }.Validate());
        Assert.Single(new ResourceFilterSpec { IncludedNamespaceScoped = ["pods"], ExcludedNamespaceScoped = ["*"] }.Validate());
        Assert.Single(new ResourceFilterSpec { IncludedClusterScoped = ["*", "pv"] }.Validate());
    }

    [Theory]
    [InlineData("""{"labels":{"velero.io/exclude-from-backup":"true"} }""", "arr", false, "label")]
    [InlineData("""{"labels":{"velero.io/exclude-from-backup":"yes"} }""", "arr", false, null)]
    [InlineData("{}", "other", false, "namespace other")]
    [InlineData("{}", "other", true, null)]
    [InlineData("""{"deletionTimestamp":"2026-01-01T00:00:00Z"}""", "arr", true, "deleted")]
    public void An_item_is_left_out_with_a_reason(string metadata, string ns, bool mustInclude, string? reason)
    {
        JsonObject root = (JsonObject)JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"Pod","metadata":{{{metadata}}}}""")!;
        root["metadata"]!["name"] = "p";
        root["metadata"]!["namespace"] = ns;
        string? skipped = ItemInclusion.SkipReason(
            new KubeObject(root), Discovery.Find("po")!, new NamespaceFilter(["arr"], []), new ResourceFilter(new ResourceFilterSpec(), Discovery), mustInclude);
        Assert.Equal(reason is null, skipped is null);
        Assert.Contains(reason ?? "", skipped ?? "", StringComparison.Ordinal);
    }

    private static ResourceFilter Filter(ResourceFilterSpec spec) => new(spec, Discovery);

    private static void AssertCollects(ResourceFilterSpec spec, bool allNamespaces, string expected)
    {
        ResourceFilter filter = new(spec, Discovery);
        Assert.Equal(
            expected.Split(',').Order(),
            Discovery.Preferred.Where(type => filter.Collects(type, allNamespaces)).Select(type => type.Gvr.GroupResource).Order());
    }

    private static ApiResource Type(string group, string resource, bool namespaced, params string[] shortNames) =>
        new(new Gvr(group, "v1", resource), resource, namespaced, ["list", "get", "create", "delete"], "", shortNames);
}
