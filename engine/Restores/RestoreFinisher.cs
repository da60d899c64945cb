using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>Publishes a restore from the results of its items: log, results, resource list, volume infos, the Restore object last.</summary>
internal sealed class RestoreFinisher(IBlobStore store, TimeProvider time)
{
    public async Task FinishAsync(Plan plan, RunResults results, CancellationToken cancellationToken)
    {
        VeleroRestore request = RestoreScope.RequestOf(plan);
        RestoreFacts facts = RestoreScope.FactsOf(plan);
        List<ItemFailure> errors = [.. results.Items.SelectMany(result => result.Errors)];
        List<ItemFailure> warnings = [.. facts.Warnings, .. results.Items.SelectMany(result => result.Warnings)];
        List<RestoredObjects> restored = [.. results.Items.Select(RestoreScope.OutputOf).OfType<RestoredObjects>()];
        bool nothing = !results.Items[0].Succeeded;
        string? failure = results.Failure is not null ? results.Failure : results.Cancelled ? "cancelled by request" : nothing ? "the prerequisites could not be restored; see the errors" : null;
        int items = (int)Math.Min(int.MaxValue, results.Items.Sum(result => result.ItemCount));
        VeleroRestore restore = request with
        {
            Status = request.Status with
            {
                Phase = failure is not null ? RestorePhase.Failed : errors.Count > 0 ? RestorePhase.PartiallyFailed : RestorePhase.Completed,
                FailureReason = failure,
                CompletionTimestamp = time.GetUtcNow(),
                Errors = errors.Count,
                Warnings = warnings.Count,
                Progress = new Catalog.RestoreProgress { TotalItems = items, ItemsRestored = items },
            },
        };
        BlobName[] logs = results.Failure is not null ? [] : [.. results.Items.Where(result => result.Log is not null).Select(result => BlobName.Parse(result.Log!))]; // filtered on the same line
        RestoreFiles files = new()
        {
            Restore = restore,
            OpenLog = _ => Task.FromResult(JoinedParts.OfLog(store, logs, LastLines(plan, results, restore, facts))),
            Results = ResultSet.From(errors, warnings),
            ResourceList = restored.SelectMany(part => part.Resources)
                .GroupBy(entry => entry.Key)
                .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.SelectMany(entry => entry.Value)]),
            VolumeInfos = [.. restored.Select(part => part.Volume).OfType<VolumeRestoreOutcome>().Where(volume => !volume.LeftAlone).Select(volume => VolumeInfo(plan, volume))],
        };
        await new RestoreFilesWriter(store).WriteAsync(files, cancellationToken);
    }

    private ReadOnlyMemory<byte> LastLines(Plan plan, RunResults results, VeleroRestore restore, RestoreFacts facts)
    {
        using BackupLog log = BackupLog.ForRestore(RestoreName.Parse(plan.Name), time);
        foreach (ItemFailure warning in facts.Warnings)
        {
            log.Warning(warning);
        }

        foreach ((PlanItem item, ItemResult result) in plan.Items.Zip(results.Items).Where(pair => pair.Second.Log is null))
        {
            foreach (ItemFailure error in result.Errors)
            {
                log.Error(error);
            }

            log.Info($"Item {item.Id} ({item.Kind} {item.Namespace} {item.Name}) ended without a log");
        }

        log.Info($"Restore of backup {facts.Backup} ended as {restore.Status.Phase}");
        return log.Complete().ToArray();
    }

    private static RestoreVolumeInfo VolumeInfo(Plan plan, VolumeRestoreOutcome volume)
    {
        PlanItem? item = plan.Items.FirstOrDefault(candidate => candidate.Kind == RestoreItemKinds.Volume && candidate.Name == volume.Claim);
        VolumeRestoreDetails? details = item?.Details is { } json ? System.Text.Json.JsonSerializer.Deserialize(json, RestoresJsonContext.Default.VolumeRestoreDetails) : null;
        return new RestoreVolumeInfo
        {
            PvcName = volume.Claim,
            PvcNamespace = volume.Namespace,
            PvName = volume.Pv,
            RestoreMethod = RestoreVolumeInfo.PodVolumeRestoreMethod,
            PvrInfo = new PodVolumeInfo
            {
                SnapshotHandle = details?.SnapshotId,
                Size = volume.Bytes,
                UploaderType = "kopia",
                VolumeName = details?.Volume ?? "",
                PodName = details?.Pod ?? "",
                PodNamespace = volume.Namespace,
                Phase = volume.Restored ? "Completed" : "Failed",
            },
        };
    }
}
