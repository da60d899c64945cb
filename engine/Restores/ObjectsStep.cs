using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Restores.Rules;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// Everything else, type by type in the order of restores: of one namespace, of cluster scope, or the last ones. Workloads whose
/// data could not be restored are held back, so that none starts on an empty volume.
/// </summary>
internal static class ObjectsStep
{
    public static async Task<ItemOutcome> RunAsync(PlanItem item, RestoreScope scope, CancellationToken cancellationToken)
    {
        string prefix = item.Kind switch
        {
            RestoreItemKinds.Cluster => ObjectGroup.ClusterPrefix,
            RestoreItemKinds.Last => ObjectGroup.LastPrefix,
            _ => ObjectGroup.NamespacePrefix(item.Namespace!), // the planner names one for every such item
        };
        if (item.Kind == RestoreItemKinds.Cluster)
        {
            await RestoreFreeVolumesAsync(scope, cancellationToken);
        }

        HashSet<string> empty = ClaimsWithoutData(item, scope);
        ParallelOptions options = new() { MaxDegreeOfParallelism = scope.Options.Concurrency, CancellationToken = cancellationToken };
        foreach (string group in scope.Groups(prefix).OrderBy(group => group[prefix.Length..], Comparer<string>.Create(RestoreOrder.Compare)))
        {
            await Parallel.ForEachAsync(scope.ReadGroupAsync(group, cancellationToken), options, async (entry, token) =>
                await RestoreAsync(entry.Key, entry.Item, empty, scope, token));
        }

        return scope.Outcome(new RestoredObjects());
    }

    private static async Task RestoreAsync(ItemKey key, KubeObject item, IReadOnlySet<string> claimsWithoutData, RestoreScope scope, CancellationToken cancellationToken)
    {
        if (ClaimUse.FirstUsed(key.GroupResource, item, claimsWithoutData) is { } claim)
        {
            scope.Context.Error(new ItemFailure(
                key.Namespace, key.GroupResource, key.Name,
                $"held back: the data of its claim {claim} could not be restored, and it must not start on an empty volume"));
            scope.Record(item, RestoreAction.Failed);
            return;
        }

        await scope.RestoreAsync(key, item, cancellationToken);
    }

    /// <summary>Volumes that no claim of the restore brings along: kept ones without a claim.</summary>
    private static async Task RestoreFreeVolumesAsync(RestoreScope scope, CancellationToken cancellationToken)
    {
        await foreach ((ItemKey key, KubeObject volume) in scope.ReadGroupAsync(ObjectGroup.Volumes, cancellationToken))
        {
            bool isFree = volume.TextAt("spec", "claimRef", "namespace") is null && scope.Selection.Takes(key) && !scope.Rules.ProvisionedAnew.Contains(key.Name);
            if (isFree && scope.Request.Spec.IncludeClusterResources != false && (scope.Request.Spec.IncludedNamespaces is null or ["*"] || scope.Request.Spec.IncludeClusterResources == true))
            {
                await scope.RestoreAsync(key, volume, cancellationToken);
            }
        }
    }

    private static HashSet<string> ClaimsWithoutData(PlanItem item, RestoreScope scope)
    {
        HashSet<string> claims = [];
        foreach ((PlanItem volume, ItemResult result) in scope.Plan.Items.Where(other => other.Stage < item.Stage).Zip(scope.Context.EarlierResults))
        {
            bool hasData = result.Succeeded && RestoreScope.OutputOf(result)?.Volume is { } outcome && (outcome.Restored || outcome.LeftAlone);
            if (volume.Kind == RestoreItemKinds.Volume && volume.Namespace == item.Namespace && !hasData)
            {
                claims.Add(volume.Name!); // the planner names the claim of every such item
            }
        }

        return claims;
    }
}
