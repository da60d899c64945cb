using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// The data of one claim: waits until the claim is bound, then writes the snapshot's tree into the volume. A claim that existed
/// before the restore keeps its data untouched.
/// </summary>
internal sealed class VolumeStep(IBlobStore store, VolumeResolver resolver, RepositoryPassword password, VolumeDataOptions options, TimeProvider time)
{
    public async Task<ItemOutcome> RunAsync(PlanItem item, RestoreScope scope, CancellationToken cancellationToken)
    {
        VolumeRestoreDetails details = item.Details?.Deserialize(RestoresJsonContext.Default.VolumeRestoreDetails)
            ?? throw new BackupException(ErrorKind.Corrupt, $"Item {item.Id} of {scope.Plan.Id} does not say what to restore.", "Delete the restore and start it again.");
        string ns = scope.Rules.Map(item.Namespace!); // the planner names namespace and claim of every such item
        string name = item.Name!;
        ApiResource claims = TypeOf(scope, "persistentvolumeclaims");
        ApiResource volumes = TypeOf(scope, "persistentvolumes");
        VolumeRestoreOutcome outcome = new() { Namespace = ns, Claim = name, Restored = false };
        if (await scope.Cluster.TryGetAsync(claims, ns, name, cancellationToken) is { } existing && !scope.Objects.IsFromThisRestore(existing))
        {
            scope.Context.Warn(new ItemFailure(ns, "persistentvolumeclaims", name, $"claim {ns}/{name} existed before the restore; its data was left as it is"));
            return scope.Outcome(new RestoredObjects { Volume = outcome with { LeftAlone = true, Pv = existing.TextAt("spec", "volumeName") } });
        }

        ClaimWaiter waiter = new(scope.Cluster, claims, volumes, scope.Types.FindGroupResource("storageclasses.storage.k8s.io"), resolver);
        VolumeResolution resolution = await waiter.WaitAsync(ns, name, scope.Options.ClaimTimeout, cancellationToken);
        if (resolution.Volume is not { } volume)
        {
            scope.Context.Error(new ItemFailure(ns, "persistentvolumeclaims", name, $"the data of the volume could not be restored: {resolution.SkipReason}"));
            return scope.Outcome(new RestoredObjects { Volume = outcome });
        }

        return await WriteAsync(details, outcome with { Pv = volume.PvName }, volume, volumes, scope, cancellationToken);
    }

    private async Task<ItemOutcome> WriteAsync(
        VolumeRestoreDetails details, VolumeRestoreOutcome outcome, ResolvedVolume volume, ApiResource volumes, RestoreScope scope, CancellationToken cancellationToken)
    {
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(store, details.SourceNamespace, password, options, time, cancellationToken);
        TreeRestoreOptions how = new()
        {
            ZerosAsHoles = scope.Request.Spec.UploaderConfig?.WriteSparseFiles == true,
            Parallelism = scope.Request.Spec.UploaderConfig?.ParallelFilesDownload is int degree and > 0 ? degree : new TreeRestoreOptions().Parallelism,
        };
        TreeRestoreResult result = await repository.RestoreAsync(
            ManifestId.Parse(details.SnapshotId), volume.Path, how, new ProgressForwarder(scope.Context, details.SizeBytes), cancellationToken);
        foreach (PathProblem problem in result.Problems)
        {
            scope.Context.Error(new ItemFailure(outcome.Namespace, "persistentvolumeclaims", outcome.Claim, $"{problem.Path} could not be restored: {problem.Message}"));
        }

        foreach (PathProblem warning in result.Warnings)
        {
            scope.Context.Warn(new ItemFailure(outcome.Namespace, "persistentvolumeclaims", outcome.Claim, $"{warning.Path}: {warning.Message}"));
        }

        await GiveBackAsync(details, volume, volumes, scope, cancellationToken);
        scope.Context.Log.Info(
            $"Restored the data of claim {outcome.Namespace}/{outcome.Claim}: {result.Statistics.Files} files, {result.Statistics.Bytes} bytes",
            ("namespace", outcome.Namespace), ("pvc", outcome.Claim), ("snapshotID", details.SnapshotId));
        return scope.Outcome(new RestoredObjects { Volume = outcome with { Restored = result.Problems.Count == 0, Bytes = result.Statistics.Bytes } });
    }

    /// <summary>A newly provisioned volume gets the reclaim policy and the labels of the old one.</summary>
    private static async Task GiveBackAsync(VolumeRestoreDetails details, ResolvedVolume volume, ApiResource volumes, RestoreScope scope, CancellationToken cancellationToken)
    {
        JsonObject patch = [];
        if (details.ReclaimPolicy is { Length: > 0 } policy)
        {
            patch["spec"] = new JsonObject { ["persistentVolumeReclaimPolicy"] = policy };
        }

        if (details.PvLabels is { Count: > 0 } labels)
        {
            patch["metadata"] = new JsonObject { ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))) };
        }

        if (patch.Count == 0)
        {
            return;
        }

        try
        {
            await scope.Cluster.MergePatchAsync(volumes, null, volume.PvName, patch, cancellationToken);
        }
        catch (KubeApiException e)
        {
            scope.Context.Error(new ItemFailure("", "persistentvolumes", volume.PvName, $"fail to patch dynamic PV, its reclaim policy and labels are not the old ones: {e.Message}"));
        }
    }

    private static ApiResource TypeOf(RestoreScope scope, string name) =>
        scope.Types.FindGroupResource(name)
        ?? throw new BackupException(ErrorKind.Unavailable, $"{scope.Cluster.DisplayName} does not serve {name}.", "Check that the API server is complete and that the credentials may discover its types.");

    private sealed class ProgressForwarder(ItemContext context, long totalBytes) : IProgress<Snapshots.RestoreProgress>
    {
        public void Report(Snapshots.RestoreProgress value) => context.Report(value.Files, -1, value.Bytes, totalBytes);
    }
}
