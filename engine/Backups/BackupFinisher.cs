using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>Publishes a backup from the results of its items: joins the parts, writes Velero's files, the Backup object last.</summary>
internal sealed class BackupFinisher(IBlobStore store, TimeProvider time)
{
    public async Task FinishAsync(Plan plan, RunResults results, IReadOnlyList<ItemFailure> moreWarnings, CancellationToken cancellationToken)
    {
        VeleroBackup request = RequestOf(plan);
        BackupFacts facts = FactsOf(plan);
        List<CollectedObjects> collected = [];
        List<VolumeOutcome> volumes = [];
        foreach ((PlanItem item, ItemResult result) in plan.Items.Zip(results.Items))
        {
            if (result.Output is not { } output)
            {
                continue;
            }

            if (item.Kind == ItemKinds.Volume)
            {
                volumes.Add(Read(output, BackupsJsonContext.Default.VolumeOutcome, plan, item));
            }
            else if (results.Failure is null)
            {
                collected.Add(Read(output, BackupsJsonContext.Default.CollectedObjects, plan, item));
            }
        }

        List<ItemFailure> errors = [.. facts.Errors, .. results.Items.SelectMany(result => result.Errors)];
        List<ItemFailure> warnings = [.. facts.Warnings, .. results.Items.SelectMany(result => result.Warnings), .. moreWarnings];
        VeleroBackup backup = request with { Status = Conclude(request.Status, plan, results, errors.Count, warnings.Count) };
        BackupName name = BackupName.Parse(plan.Name);
        BlobName[] logs = results.Failure is not null ? [] : [.. results.Items.Where(result => result.Log is not null).Select(result => BlobName.Parse(result.Log!))]; // filtered on the same line
        BackupFiles files = new()
        {
            Backup = backup,
            OpenContents = _ => Task.FromResult(JoinedParts.OfTarball(store, [.. collected.Select(part => BlobName.Parse(part.Part))], plan.StartedAt)),
            OpenLog = _ => Task.FromResult(JoinedParts.OfLog(store, logs, LastLines(name, plan, results, backup, facts))),
            PodVolumeBackups = [.. volumes.Where(volume => volume.SnapshotId is not null).Select(volume => VolumeRecords.PodVolumeBackup(backup, volume))],
            VolumeInfos = [.. volumes.Select(VolumeRecords.VolumeInfo)],
            Results = ResultSet.From(errors, warnings),
            ResourceList = Merge(collected),
        };
        await new BackupFilesWriter(store).WriteAsync(files, cancellationToken);
    }

    internal static VeleroBackup RequestOf(Plan plan) =>
        plan.Request.Deserialize(CatalogJsonContext.Default.VeleroBackup)
        ?? throw new BackupException(ErrorKind.Corrupt, $"The plan of {plan.Id} holds no request.", "Delete the backup and start it again.");

    internal static BackupFacts FactsOf(Plan plan) =>
        plan.Facts?.Deserialize(BackupsJsonContext.Default.BackupFacts)
        ?? throw new BackupException(ErrorKind.Corrupt, $"The plan of {plan.Id} holds no facts.", "Delete the backup and start it again.");

    private static T Read<T>(JsonElement output, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Plan plan, PlanItem item) =>
        output.Deserialize(type)
        ?? throw new BackupException(ErrorKind.Corrupt, $"The result of item {item.Id} of {plan.Id} holds nothing.", "Delete the backup and start it again.");

    private BackupStatus Conclude(BackupStatus started, Plan plan, RunResults results, int errors, int warnings)
    {
        List<ItemResult> namespaces = [.. plan.Items.Zip(results.Items).Where(pair => pair.First.Kind == ItemKinds.Namespace).Select(pair => pair.Second)];
        bool nothing = namespaces.Count > 0 && namespaces.All(result => !result.Succeeded);
        string? failure = results.Failure is not null ? results.Failure : results.Cancelled ? "cancelled by request" : nothing ? "no namespace could be backed up; see the errors" : null;
        int items = (int)Math.Min(int.MaxValue, results.Items.Sum(result => result.ItemCount));
        return started with
        {
            Phase = failure is not null ? BackupPhase.Failed : errors > 0 ? BackupPhase.PartiallyFailed : BackupPhase.Completed,
            FailureReason = failure,
            CompletionTimestamp = time.GetUtcNow(),
            Errors = errors,
            Warnings = warnings,
            Progress = new BackupProgress { TotalItems = items, ItemsBackedUp = items },
        };
    }

    private ReadOnlyMemory<byte> LastLines(BackupName name, Plan plan, RunResults results, VeleroBackup backup, BackupFacts facts)
    {
        using BackupLog log = BackupLog.ForBackup(name, time);
        foreach (ItemFailure error in facts.Errors)
        {
            log.Error(error);
        }

        // Items that never got to a log of their own: poisoned or cancelled ones.
        foreach ((PlanItem item, ItemResult result) in plan.Items.Zip(results.Items).Where(pair => pair.Second.Log is null))
        {
            foreach (ItemFailure error in result.Errors)
            {
                log.Error(error);
            }

            log.Info($"Item {item.Id} ({item.Kind} {item.Namespace} {item.Name}) ended without a log");
        }

        log.Info($"Backup of {facts.Namespaces.Count} namespaces of {facts.Cluster} ended as {backup.Status.Phase}");
        return log.Complete().ToArray();
    }

    private static Dictionary<string, IReadOnlyList<string>> Merge(List<CollectedObjects> collected) =>
        collected.SelectMany(part => part.Resources)
            .GroupBy(entry => entry.Key)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.SelectMany(entry => entry.Value)]);
}
