using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>The claims of one namespace, each after the volume it was bound to when that one comes back as it was.</summary>
internal static class ClaimsStep
{
    public static async Task<ItemOutcome> RunAsync(PlanItem item, RestoreScope scope, CancellationToken cancellationToken)
    {
        string ns = item.Namespace!; // the planner names one for every such item
        List<(ItemKey Key, KubeObject Item)> claims = [];
        await foreach ((ItemKey key, KubeObject claim) in scope.ReadGroupAsync(ObjectGroup.Claims(ns), cancellationToken))
        {
            claims.Add((key, claim));
        }

        HashSet<string> volumes = [.. claims.Select(claim => claim.Item.TextAt("spec", "volumeName")).OfType<string>()];
        await foreach ((ItemKey key, KubeObject volume) in scope.ReadGroupAsync(ObjectGroup.Volumes, cancellationToken))
        {
            if (volumes.Contains(key.Name))
            {
                await RestoreVolumeAsync(key, volume, scope, cancellationToken);
            }
        }

        foreach ((ItemKey key, KubeObject claim) in claims)
        {
            await scope.RestoreAsync(key, claim, cancellationToken);
        }

        return scope.Outcome(new RestoredObjects());
    }

    private static async Task RestoreVolumeAsync(ItemKey key, KubeObject volume, RestoreScope scope, CancellationToken cancellationToken)
    {
        if (scope.Rules.ProvisionedAnew.Contains(key.Name) || scope.Types.FindGroupResource("persistentvolumes") is not { } type)
        {
            return;
        }

        KubeObject? existing = await scope.Cluster.TryGetAsync(type, null, key.Name, cancellationToken);
        if (existing is null)
        {
            await scope.RestoreAsync(key, volume, cancellationToken);
        }
        else if (existing.TextAt("status", "phase") == "Released" && SameClaim(existing, volume))
        {
            // It still names the claim that was deleted; without that one's uid the restored claim may have it.
            JsonObject patch = new() { ["spec"] = new JsonObject { ["claimRef"] = new JsonObject { ["uid"] = null, ["resourceVersion"] = null } } };
            KubeObject freed = await scope.Cluster.MergePatchAsync(type, null, key.Name, patch, cancellationToken);
            scope.Context.Log.Info($"Volume {key.Name} was kept by the cluster; its claim may have it again");
            scope.Record(freed, RestoreAction.Updated);
        }
        else
        {
            scope.Record(existing, RestoreAction.Skipped);
        }
    }

    private static bool SameClaim(KubeObject left, KubeObject right) =>
        left.TextAt("spec", "claimRef", "namespace") == right.TextAt("spec", "claimRef", "namespace")
        && left.TextAt("spec", "claimRef", "name") == right.TextAt("spec", "claimRef", "name");
}
