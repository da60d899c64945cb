using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Restores.Rules;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// Brings one prepared object into the cluster: creates it, or decides what to do with the one that is there already. Never deletes.
/// </summary>
internal sealed class ObjectRestorer(ICluster cluster, string backupName, string restoreName, bool updateExisting, BackupLog log)
{
    /// <summary>Marks the object with the names of backup and restore, and creates or patches it.</summary>
    public async Task<RestoreAction> RestoreAsync(ApiResource type, KubeObject wanted, CancellationToken cancellationToken)
    {
        Mark(wanted);
        try
        {
            await cluster.CreateAsync(type, wanted, cancellationToken);
            return RestoreAction.Created;
        }
        catch (KubeApiException e)
        {
            // Whatever the server's reason was: if the object is there, the question is what to do with it.
            KubeObject? existing = await TryGetAsync(type, wanted, cancellationToken);
            if (existing is not null)
            {
                return await ReconcileAsync(type, existing, wanted, cancellationToken);
            }

            Fail(type, wanted, $"could not be created: {e.Message}");
            return RestoreAction.Failed;
        }
    }

    /// <summary>Whether an object in the cluster was put there by this very restore (perhaps by a worker that died after it).</summary>
    public bool IsFromThisRestore(KubeObject existing) => existing.Label(VeleroNames.RestoreNameLabel) == LabelValue.Of(restoreName);

    private void Mark(KubeObject item)
    {
        if (item.Metadata["labels"] is not JsonObject labels)
        {
            item.Metadata["labels"] = labels = [];
        }

        labels[VeleroNames.BackupNameLabel] = LabelValue.Of(backupName);
        labels[VeleroNames.RestoreNameLabel] = LabelValue.Of(restoreName);
    }

    private async Task<KubeObject?> TryGetAsync(ApiResource type, KubeObject item, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.TryGetAsync(type, item.Namespace, item.Name, cancellationToken);
        }
        catch (KubeApiException)
        {
            return null; // the create's own error tells more, and the caller reports it
        }
    }

    private async Task<RestoreAction> ReconcileAsync(ApiResource type, KubeObject existing, KubeObject wanted, CancellationToken cancellationToken)
    {
        if (IsFromThisRestore(existing))
        {
            return RestoreAction.Created; // a worker of this restore made it and died before it could say so
        }

        KubeObject current = existing.Clone();
        ItemRules.Strip(current);
        CopyMarks(wanted, current);
        AssignedFields.Copy(type.Gvr.GroupResource, current, wanted);
        bool isSame = JsonNode.DeepEquals(current.Root, WithoutEmptyParts(wanted).Root);
        if (type.Gvr.GroupResource == "serviceaccounts")
        {
            return isSame ? RestoreAction.Skipped : await MergeServiceAccountAsync(type, existing, wanted, cancellationToken);
        }

        if (isSame)
        {
            return updateExisting ? await MarkExistingAsync(type, wanted, cancellationToken) : RestoreAction.Skipped;
        }

        if (!updateExisting)
        {
            Warn(type, wanted, $"could not restore, {wanted.Kind}:{wanted.Name} already exists. Warning: the in-cluster version is different than the backed-up version");
            return RestoreAction.Skipped;
        }

        JsonObject patch = MergePatch.Between(WithoutMarks(current).Root, wanted.Root);
        try
        {
            await cluster.MergePatchAsync(type, wanted.Namespace, wanted.Name, patch, cancellationToken);
            return RestoreAction.Updated;
        }
        catch (KubeApiException e)
        {
            Warn(type, wanted, $"exists and could not be updated to the backed-up version: {e.Message}");
            return RestoreAction.Skipped;
        }
    }

    /// <summary>An update claims what is as wanted already too, as Velero does: afterwards a selector on the labels finds all of it.</summary>
    private async Task<RestoreAction> MarkExistingAsync(ApiResource type, KubeObject wanted, CancellationToken cancellationToken)
    {
        JsonObject labels = new()
        {
            [VeleroNames.BackupNameLabel] = wanted.Label(VeleroNames.BackupNameLabel),
            [VeleroNames.RestoreNameLabel] = wanted.Label(VeleroNames.RestoreNameLabel),
        };
        try
        {
            JsonObject patch = new() { ["metadata"] = new JsonObject { ["labels"] = labels } };
            await cluster.MergePatchAsync(type, wanted.Namespace, wanted.Name, patch, cancellationToken);
            return RestoreAction.Skipped;
        }
        catch (KubeApiException e)
        {
            Fail(type, wanted, $"exists as it was backed up, but its labels could not be updated: {e.Message}");
            return RestoreAction.Failed;
        }
    }

    /// <summary>An account in use keeps what it has and gains what it lacks, whatever the policy: others rely on it already.</summary>
    private async Task<RestoreAction> MergeServiceAccountAsync(ApiResource type, KubeObject existing, KubeObject wanted, CancellationToken cancellationToken)
    {
        JsonObject patch = [];
        foreach (string list in (string[])["secrets", "imagePullSecrets"])
        {
            JsonArray merged = existing.Root[list]?.DeepClone() as JsonArray ?? [];
            HashSet<string> names = [.. merged.OfType<JsonObject>().Select(entry => entry["name"]?.ToString() ?? "")];
            List<JsonObject> missing = [.. (wanted.Root[list] as JsonArray ?? []).OfType<JsonObject>().Where(entry => !names.Contains(entry["name"]?.ToString() ?? ""))];
            if (missing.Count > 0)
            {
                missing.ForEach(entry => merged.Add(entry.DeepClone()));
                patch[list] = merged;
            }
        }

        JsonObject metadata = [];
        foreach (string map in (string[])["labels", "annotations"])
        {
            JsonObject added = [];
            foreach ((string key, JsonNode? value) in wanted.Metadata[map] as JsonObject ?? [])
            {
                if (existing.Metadata[map]?[key] is null && key is not (VeleroNames.BackupNameLabel or VeleroNames.RestoreNameLabel))
                {
                    added[key] = value?.DeepClone();
                }
            }

            if (added.Count > 0)
            {
                metadata[map] = added;
            }
        }

        if (metadata.Count > 0)
        {
            patch["metadata"] = metadata;
        }

        if (patch.Count == 0)
        {
            return RestoreAction.Skipped;
        }

        try
        {
            await cluster.MergePatchAsync(type, wanted.Namespace, wanted.Name, patch, cancellationToken);
            return RestoreAction.Updated;
        }
        catch (KubeApiException e)
        {
            Warn(type, wanted, $"exists and could not be merged with the backed-up version: {e.Message}");
            return RestoreAction.Skipped;
        }
    }

    private static void CopyMarks(KubeObject from, KubeObject to)
    {
        if (to.Metadata["labels"] is not JsonObject labels)
        {
            to.Metadata["labels"] = labels = [];
        }

        foreach (string label in (ReadOnlySpan<string>)[VeleroNames.BackupNameLabel, VeleroNames.RestoreNameLabel])
        {
            labels[label] = from.Label(label);
        }
    }

    private static KubeObject WithoutMarks(KubeObject item)
    {
        KubeObject copy = item.Clone();
        if (copy.Metadata["labels"] is JsonObject labels)
        {
            labels.Remove(VeleroNames.BackupNameLabel);
            labels.Remove(VeleroNames.RestoreNameLabel);
        }

        return copy;
    }

    // Rules may leave an empty map where the server shows none.
    private static KubeObject WithoutEmptyParts(KubeObject item)
    {
        KubeObject copy = item.Clone();
        if (copy.Metadata["annotations"] is JsonObject { Count: 0 })
        {
            copy.Metadata.Remove("annotations");
        }

        return copy;
    }

    private void Warn(ApiResource type, KubeObject item, string message) =>
        log.Warning(new ItemFailure(item.Namespace ?? "", type.Gvr.GroupResource, item.Name, message));

    private void Fail(ApiResource type, KubeObject item, string message) =>
        log.Error(new ItemFailure(item.Namespace ?? "", type.Gvr.GroupResource, item.Name, message));
}
