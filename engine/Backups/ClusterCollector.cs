using System.Text.Json;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>
/// The cluster item: the cluster-scoped objects that the namespaces reported as theirs, or all of them when the whole cluster was
/// asked for. Runs once, after the namespaces.
/// </summary>
internal sealed class ClusterCollector(ICluster cluster, IBlobStore store, DiscoveryCache discovery, TimeProvider time)
{
    private const string ClusterRoles = "clusterroles.rbac.authorization.k8s.io";
    private const string ClusterRoleBindings = "clusterrolebindings.rbac.authorization.k8s.io";
    private const string Definitions = "customresourcedefinitions.apiextensions.k8s.io";

    public async Task<ItemOutcome> CollectAsync(Plan plan, PlanItem item, BackupSelection selection, ItemContext context, CancellationToken cancellationToken)
    {
        bool allNamespaces = BackupFinisher.FactsOf(plan).AllNamespaces;
        ApiDiscovery types = await discovery.GetAsync(cancellationToken);
        BlobName partName = plan.Id.Part(item.Id, context.Attempt, ".tar.gz");
        await using TarPart part = new(store, partName, time.GetUtcNow(), cancellationToken);
        List<string> whole = [];
        foreach (ApiResource type in TypeOrder.Sort(types).Where(type => !type.Namespaced && type.Gvr.GroupResource != "namespaces"))
        {
            if (selection.TakesAllOfClusterType(type, allNamespaces))
            {
                whole.Add(type.Gvr.GroupResource);
                await AddAllAsync(type, selection, part, context, cancellationToken);
            }
        }

        await AddRelatedAsync(types, Reported(context), selection, allNamespaces, part, context, cancellationToken);
        await part.CompleteAsync(cancellationToken);
        context.Log.Info(whole.Count > 0
            ? $"Backed up all objects of the cluster-scoped types {string.Join(", ", whole)}"
            : "Of the cluster-scoped types only objects that belong to the chosen namespaces were backed up");
        CollectedObjects collected = new() { Part = partName.ToString(), Resources = part.Resources };
        return new ItemOutcome(part.Count, JsonSerializer.SerializeToElement(collected, BackupsJsonContext.Default.CollectedObjects));
    }

    private static IReadOnlyList<CollectedObjects> Reported(ItemContext context) =>
        [.. from result in context.EarlierResults
            where result.Output is not null && result.Output.Value.TryGetProperty("part", out _)
            let collected = result.Output!.Value.Deserialize(BackupsJsonContext.Default.CollectedObjects) // checked on the line above
            where collected is not null
            select collected];

    private async Task AddAllAsync(ApiResource type, BackupSelection selection, TarPart part, ItemContext context, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string? query in selection.LabelQueries)
            {
                await foreach (KubeObject found in cluster.ListAsync(type, null, query, cancellationToken))
                {
                    await AddOneAsync(type, found, part, context, cancellationToken);
                }
            }
        }
        catch (KubeApiException e) when (!e.IsTransient)
        {
            context.Error(new ItemFailure("", type.Gvr.GroupResource, null, $"could not be listed: {e.Message} {e.Remedy}"));
        }
    }

    private async Task AddRelatedAsync(
        ApiDiscovery types, IReadOnlyList<CollectedObjects> reported, BackupSelection selection, bool allNamespaces, TarPart part, ItemContext context, CancellationToken cancellationToken)
    {
        SortedSet<string> wanted = new(reported.SelectMany(collected => collected.Related), StringComparer.Ordinal);
        HashSet<string> custom = [.. reported.SelectMany(collected => collected.Types).Where(type => type.Contains('.', StringComparison.Ordinal))];
        wanted.UnionWith(custom.Select(type => $"{Definitions}/{type}"));
        await AddRolesAsync(types, [.. reported.SelectMany(collected => collected.ServiceAccounts)], wanted, selection, allNamespaces, part, context, cancellationToken);
        foreach (string reference in wanted)
        {
            int slash = reference.IndexOf('/', StringComparison.Ordinal);
            (string groupResource, string name) = (reference[..slash], reference[(slash + 1)..]);
            if (types.FindGroupResource(groupResource) is not { } type || !selection.TakesRelated(type) || selection.TakesAllOfClusterType(type, allNamespaces))
            {
                continue;
            }

            if (await cluster.TryGetAsync(type, null, name, cancellationToken) is { } found)
            {
                await AddOneAsync(type, found, part, context, cancellationToken);
            }
            else if (groupResource != Definitions)
            {
                // A type without a definition is a built-in or an aggregated one; any other gap is worth a word.
                context.Warn(new ItemFailure("", groupResource, name, "belongs to an object of this backup but does not exist"));
            }
        }
    }

    /// <summary>Bindings that give cluster roles to collected service accounts, and those roles.</summary>
    private async Task AddRolesAsync(
        ApiDiscovery types, HashSet<string> serviceAccounts, SortedSet<string> wanted, BackupSelection selection, bool allNamespaces, TarPart part, ItemContext context, CancellationToken cancellationToken)
    {
        if (serviceAccounts.Count == 0 || types.FindGroupResource(ClusterRoleBindings) is not { } bindings || !selection.TakesRelated(bindings) || selection.TakesAllOfClusterType(bindings, allNamespaces))
        {
            return;
        }

        await foreach (KubeObject binding in cluster.ListAsync(bindings, null, labelSelector: null, cancellationToken))
        {
            if (RelatedObjects.RoleGivenTo(serviceAccounts, binding) is { } role)
            {
                await AddOneAsync(bindings, binding, part, context, cancellationToken);
                wanted.Add($"{ClusterRoles}/{role}");
            }
        }
    }

    private static async Task AddOneAsync(ApiResource type, KubeObject found, TarPart part, ItemContext context, CancellationToken cancellationToken)
    {
        if (!BackupSelection.IsLeftOut(found) && await part.AddAsync(type, found, cancellationToken))
        {
            context.AddItems(1);
        }
    }
}
