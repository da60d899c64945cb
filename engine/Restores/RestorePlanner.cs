using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>Turns a request into a plan: checks it, reads the whole tarball once, and lists the items. Writes nothing.</summary>
internal sealed class RestorePlanner(ICluster cluster, BackupCatalog backups, TimeProvider time)
{
    public async Task<Plan> PlanAsync(VeleroRestore request, CancellationToken cancellationToken)
    {
        RestoreName name = RestoreName.Parse(request.Metadata.Name);
        CheckMapping(request.Spec);
        ApiDiscovery types = await cluster.DiscoverAsync(cancellationToken);
        RestoreSelection selection = RestoreSelection.Of(request.Spec, types);
        VeleroBackup backup = await FindBackupAsync(request.Spec, cancellationToken);
        BackupName backupName = BackupName.Parse(backup.Name);
        BackupContents contents = await ScanAsync(backupName, selection, cancellationToken);
        List<ItemFailure> warnings = [.. IgnoredFields.Of(request.Spec)];
        if (contents.Count == 0)
        {
            warnings.Add(new ItemFailure(null, null, null, $"Nothing in backup {backupName} matches the restore: zero items to be restored"));
        }

        List<VolumeSource> sources = request.Spec.RestorePvs == false
            ? []
            : VolumeSources.Of(await backups.ReadPodVolumeBackupsAsync(backupName, cancellationToken), await backups.ReadVolumeInfosAsync(backupName, cancellationToken), warnings);
        HashSet<(string, string)> claims = [.. contents.Claims.Select(claim => (claim.Namespace, claim.Name))];
        List<VolumeSource> wanted = [.. sources.Where(source => claims.Contains((source.Namespace, source.Claim)))];
        RestoreFacts facts = new()
        {
            Backup = backupName.ToString(),
            Namespaces = [.. contents.Namespaces],
            Controllers = [.. contents.Controllers],
            CustomTypes = [.. contents.Types.Where(type => type.Contains('.', StringComparison.Ordinal))],
            StorageClasses = [.. contents.Claims.Select(claim => claim.StorageClass).OfType<string>().Distinct()],
            ProvisionedAnew = ProvisionedAnew(contents, wanted, request.Spec, warnings),
            Warnings = warnings,
        };
        DateTimeOffset now = time.GetUtcNow();
        return new Plan
        {
            Run = RunKind.Restore,
            Name = name.ToString(),
            StartedAt = now,
            Request = JsonSerializer.SerializeToElement(Complete(request, backup, now), CatalogJsonContext.Default.VeleroRestore),
            Facts = JsonSerializer.SerializeToElement(facts, RestoresJsonContext.Default.RestoreFacts),
            Items = Items(contents, wanted),
        };
    }

    private static void CheckMapping(RestoreSpec spec)
    {
        foreach ((string from, string to) in spec.NamespaceMapping ?? new Dictionary<string, string>())
        {
            if (!BackupName.TryParse(to, out _) || to.Length > 63 || to.Contains('.', StringComparison.Ordinal))
            {
                throw new BackupException(ErrorKind.InvalidInput, $"The namespace mapping of '{from}' leads to '{to}', which is no name for a namespace.", "Use lower case letters, digits and '-', at most 63.");
            }
        }

        if (spec.BackupName is { Length: > 0 } == spec.ScheduleName is { Length: > 0 })
        {
            throw new BackupException(ErrorKind.InvalidInput, "A restore needs either a backup or a schedule, not both and not neither.", "Name one of the two.");
        }
    }

    private async Task<VeleroBackup> FindBackupAsync(RestoreSpec spec, CancellationToken cancellationToken)
    {
        if (spec.BackupName is { Length: > 0 } named)
        {
            VeleroBackup backup = await backups.GetAsync(BackupName.Parse(named), cancellationToken);
            return BackupPhase.IsRestorable(backup.Status.Phase)
                ? backup
                : throw new BackupException(
                    ErrorKind.InvalidInput,
                    $"Backup {named} is in phase {backup.Status.Phase ?? "unknown"} and cannot be restored.",
                    "Choose a backup that is Completed or PartiallyFailed.");
        }

        VeleroBackup? newest = null;
        await foreach (BackupEntry entry in backups.ListAsync(cancellationToken))
        {
            if (entry.Backup is { } candidate && candidate.ScheduleName == spec.ScheduleName && candidate.Status.Phase == BackupPhase.Completed
                && (newest is null || candidate.Status.StartTimestamp > newest.Status.StartTimestamp))
            {
                newest = candidate;
            }
        }

        return newest ?? throw new BackupException(ErrorKind.NotFound, $"Schedule {spec.ScheduleName} has no completed backup.", "Name a backup instead; 'backupctl backup get' lists them.");
    }

    private async Task<BackupContents> ScanAsync(BackupName backup, RestoreSelection selection, CancellationToken cancellationToken)
    {
        BackupContents contents = new();
        await foreach (ArchivedItem item in backups.ReadItemsAsync(backup, selection.Takes, cancellationToken))
        {
            KubeObject value = ArchivedObject.Parse(backup, item);
            if (selection.TakesLabels(value))
            {
                contents.Add(item.Key, value);
            }
        }

        return contents;
    }

    /// <summary>
    /// A volume comes back as an object only if somebody made it by hand, or if it was kept (Retain) and its data was not backed up.
    /// </summary>
    private static List<string> ProvisionedAnew(BackupContents contents, List<VolumeSource> sources, RestoreSpec spec, List<ItemFailure> warnings)
    {
        HashSet<(string, string)> withData = [.. sources.Select(source => (source.Namespace, source.Claim))];
        List<string> anew = [];
        foreach (BackupContents.ClaimSeen claim in contents.Claims.Where(claim => claim.Volume is not null))
        {
            if (!contents.Volumes.TryGetValue(claim.Volume!, out BackupContents.VolumeSeen? volume)) // filtered on the line above
            {
                anew.Add(claim.Volume!); // its object is not in the backup, so the claim cannot wait for it
            }
            else if ((volume.IsProvisioned || IsMapped(claim.Namespace, spec)) && withData.Contains((claim.Namespace, claim.Name)))
            {
                anew.Add(claim.Volume!);
            }
            else if (volume.ReclaimPolicy == "Delete" && !withData.Contains((claim.Namespace, claim.Name)))
            {
                anew.Add(claim.Volume!);
                warnings.Add(new ItemFailure(
                    claim.Namespace, "persistentvolumeclaims", claim.Name,
                    $"the backup has no data of claim {claim.Namespace}/{claim.Name} and its volume was deleted with it: it comes back empty"));
            }
        }

        return anew;
    }

    // A volume made by hand belongs to one claim; a copy of that claim in another namespace needs one of its own.
    private static bool IsMapped(string ns, RestoreSpec spec) =>
        spec.NamespaceMapping?.GetValueOrDefault(ns) is { } target && target != ns;

    private static List<PlanItem> Items(BackupContents contents, List<VolumeSource> sources)
    {
        List<PlanItem> items = [Step("prerequisites", RestoreItemKinds.Prerequisites, 0, null)];
        string[] withClaims = [.. contents.Claims.Select(claim => claim.Namespace).Distinct().Order(StringComparer.Ordinal)];
        items.AddRange(withClaims.Select((ns, index) => Step($"claims-{index}", RestoreItemKinds.Claims, 1, ns)));
        items.AddRange(sources.Select((source, index) => Volume($"volume-{index}", source, contents)));
        items.Add(Step("cluster", RestoreItemKinds.Cluster, 3, null));
        items.AddRange(contents.Namespaces.Select((ns, index) => Step($"namespace-{index}", RestoreItemKinds.Namespace, 4, ns)));
        items.Add(Step("last", RestoreItemKinds.Last, 5, null));
        return items;
    }

    private static PlanItem Step(string id, string kind, int stage, string? ns) =>
        new() { Id = id, Kind = kind, Stage = stage, Queue = QueueName.RestoreSteps.Value, Namespace = ns };

    private static PlanItem Volume(string id, VolumeSource source, BackupContents contents)
    {
        string? pv = contents.Claims.FirstOrDefault(claim => claim.Namespace == source.Namespace && claim.Name == source.Claim)?.Volume;
        BackupContents.VolumeSeen? seen = pv is null ? null : contents.Volumes.GetValueOrDefault(pv);
        VolumeRestoreDetails details = new()
        {
            SourceNamespace = source.Namespace,
            SnapshotId = source.SnapshotId,
            SizeBytes = source.SizeBytes,
            Pod = source.Pod,
            Volume = source.Volume,
            ReclaimPolicy = source.ReclaimPolicy ?? seen?.ReclaimPolicy,
            PvLabels = source.PvLabels ?? seen?.Labels,
        };
        return new PlanItem
        {
            Id = id,
            Kind = RestoreItemKinds.Volume,
            Stage = 2,
            Queue = QueueName.RestoreVolumes.Value,
            Namespace = source.Namespace,
            Name = source.Claim,
            Details = JsonSerializer.SerializeToElement(details, RestoresJsonContext.Default.VolumeRestoreDetails),
        };
    }

    private static VeleroRestore Complete(VeleroRestore request, VeleroBackup backup, DateTimeOffset now) => request with
    {
        Metadata = request.Metadata with
        {
            Namespace = backup.Metadata.Namespace ?? VeleroNames.DefaultNamespace,
            Uid = Guid.CreateVersion7(now).ToString(),
            CreationTimestamp = now,
        },
        Spec = request.Spec with { BackupName = backup.Name, ScheduleName = request.Spec.ScheduleName ?? backup.ScheduleName },
        Status = new RestoreStatus { Phase = RestorePhase.InProgress, StartTimestamp = now },
    };
}
