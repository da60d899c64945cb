using System.Text.Json;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>The namespace item: all chosen objects of one namespace, into one part of the tarball.</summary>
internal sealed class NamespaceCollector(ICluster cluster, IBlobStore store, DiscoveryCache discovery, TimeProvider time)
{
    public async Task<ItemOutcome> CollectAsync(Plan plan, PlanItem item, BackupSelection selection, ItemContext context, CancellationToken cancellationToken)
    {
        string ns = item.Namespace ?? throw new BackupException(ErrorKind.Corrupt, $"Item {item.Id} of {plan.Id} names no namespace.", "Delete the backup and start it again.");
        ApiDiscovery types = await discovery.GetAsync(cancellationToken);
        foreach ((string group, string reason) in types.FailedGroups)
        {
            context.Log.Info($"Left out API group {group}: {reason}");
        }

        RelatedObjects related = new();
        BlobName partName = plan.Id.Part(item.Id, context.Attempt, ".tar.gz");
        await using TarPart part = new(store, partName, time.GetUtcNow(), cancellationToken);
        await AddNamespaceAsync(ns, types, part, context, cancellationToken);
        foreach (ApiResource type in TypeOrder.Sort(types).Where(type => type.Namespaced && selection.TakesNamespaced(type)))
        {
            await AddTypeAsync(plan, ns, type, selection, part, related, context, cancellationToken);
        }

        await part.CompleteAsync(cancellationToken);
        CollectedObjects collected = new()
        {
            Part = partName.ToString(),
            Resources = part.Resources,
            Related = related.Related,
            ServiceAccounts = related.ServiceAccounts,
            Types = related.Types,
        };
        context.Log.Info($"Backed up {part.Count} objects of namespace {ns}");
        return new ItemOutcome(part.Count, JsonSerializer.SerializeToElement(collected, BackupsJsonContext.Default.CollectedObjects));
    }

    private async Task AddNamespaceAsync(string ns, ApiDiscovery types, TarPart part, ItemContext context, CancellationToken cancellationToken)
    {
        ApiResource type = types.FindGroupResource("namespaces")
            ?? throw new BackupException(ErrorKind.Unavailable, $"{cluster.DisplayName} does not serve namespaces.", "Check that the API server is complete and that the credentials may discover its types.");
        KubeObject? value = await cluster.TryGetAsync(type, null, ns, cancellationToken);
        if (value is null)
        {
            context.Error(new ItemFailure(ns, "namespaces", ns, $"namespace {ns} is gone since the backup was planned"));
            return;
        }

        await part.AddAsync(type, value, cancellationToken);
        context.AddItems(1);
    }

    private async Task AddTypeAsync(
        Plan plan, string ns, ApiResource type, BackupSelection selection, TarPart part, RelatedObjects related, ItemContext context, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string? query in selection.LabelQueries)
            {
                await foreach (KubeObject found in cluster.ListAsync(type, ns, query, cancellationToken))
                {
                    if (BackupSelection.IsLeftOut(found))
                    {
                        continue;
                    }

                    related.Add(type.Gvr.GroupResource, found);
                    if (type.Gvr.GroupResource == "persistentvolumeclaims")
                    {
                        RelatedObjects.PrepareClaim(found, plan.Name);
                    }

                    if (await part.AddAsync(type, found, cancellationToken))
                    {
                        context.AddItems(1);
                    }
                }
            }
        }
        catch (KubeApiException e) when (!e.IsTransient)
        {
            // One type that cannot be listed (forbidden, removed meanwhile) must not cost the namespace.
            context.Error(new ItemFailure(ns, type.Gvr.GroupResource, null, $"could not be listed: {e.Message} {e.Remedy}"));
        }
    }
}
