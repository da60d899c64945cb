using System.Text.Json.Nodes;
using BackupFunctions.Engine.Time;

namespace BackupFunctions.Engine.Catalog.Text;

/// <summary>Parts of a backup's description as JSON; keys as <c>velero backup describe -o json</c> spells them.</summary>
internal static class DescriptionJson
{
    public static JsonObject Spec(BackupSpec spec)
    {
        JsonObject resources = new()
        {
            ["clusterScoped"] = Words.Flag(spec.IncludeClusterResources, "auto", "included", "excluded"),
            ["excluded"] = Words.Joined(spec.ExcludedResources),
            ["included"] = Words.Joined(spec.IncludedResources, "*"),
        };
        if (SpecBlocks.HasScopedFilters(spec))
        {
            resources["excludedClusterScoped"] = Words.Joined(spec.ExcludedClusterScopedResources);
            resources["excludedNamespaceScoped"] = Words.Joined(spec.ExcludedNamespaceScopedResources);
            resources["includedClusterScoped"] = Words.Joined(spec.IncludedClusterScopedResources);
            resources["includedNamespaceScoped"] = Words.Joined(spec.IncludedNamespaceScopedResources, "*");
        }

        return new JsonObject
        {
            ["CSISnapshotTimeout"] = GoDuration.Format(spec.CsiSnapshotTimeout),
            ["TTL"] = GoDuration.Format(spec.Ttl),
            ["dataMover"] = string.IsNullOrEmpty(spec.DataMover) ? Words.None : spec.DataMover,
            ["labelSelector"] = Words.Selector(spec.LabelSelector),
            ["namespaces"] = new JsonObject
            {
                ["excluded"] = Words.Joined(spec.ExcludedNamespaces),
                ["included"] = Words.Joined(spec.IncludedNamespaces, "*"),
            },
            ["resources"] = resources,
            ["storageLocation"] = spec.StorageLocation ?? "",
            ["veleroNativeSnapshotPVs"] = Words.Flag(spec.SnapshotVolumes),
            ["veleroSnapshotMoveData"] = Words.Flag(spec.SnapshotMoveData),
        };
    }

    public static JsonObject Status(BackupDetails details, bool withDetails)
    {
        BackupStatus status = details.Backup.Status;
        JsonObject json = new()
        {
            ["backupFormatVersion"] = status.FormatVersion ?? Words.NotAvailable,
            ["backupVolumes"] = Volumes(details, withDetails),
            ["completed"] = Words.Time(status.CompletionTimestamp),
            ["expiration"] = Words.Time(status.Expiration),
            ["hooksAttempted"] = status.HookStatus?.HooksAttempted ?? 0,
            ["hooksFailed"] = status.HookStatus?.HooksFailed ?? 0,
            ["itemsBackedUp"] = status.Progress?.ItemsBackedUp ?? 0,
        };
        if (withDetails)
        {
            JsonObject list = [];
            foreach ((string kind, IReadOnlyList<string> names) in details.ResourceList.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                list[kind] = List(names);
            }

            json["resourceList"] = list;
        }

        json["started"] = Words.Time(status.StartTimestamp);
        json["totalItemsToBeBackedUp"] = status.Progress?.TotalItems ?? 0;
        AddResults(json, "warnings", status.Warnings, details.Results.Warnings);
        AddResults(json, "errors", status.Errors, details.Results.Errors);
        return json;
    }

    public static JsonArray List(IEnumerable<string> values) => [.. values.Select(value => JsonValue.Create(value))];

    public static JsonObject Map(IReadOnlyDictionary<string, string>? map)
    {
        JsonObject json = [];
        foreach ((string key, string value) in map ?? new Dictionary<string, string>())
        {
            json[key] = value;
        }

        return json;
    }

    private static JsonObject Volumes(BackupDetails details, bool withDetails)
    {
        JsonObject json = new()
        {
            ["csiSnapshots"] = Group(details.VolumeInfos.Where(info => info.BackupMethod == BackupVolumeInfo.CsiSnapshotMethod), VolumeName, info => info.Result ?? "", withDetails),
            ["nativeSnapshots"] = Group(details.VolumeInfos.Where(info => info.NativeSnapshotInfo is not null), info => info.PvName ?? "", info => info.Result ?? "", withDetails),
            ["podVolumeBackups"] = PodVolumes(details.PodVolumeBackups, withDetails),
        };
        List<BackupVolumeInfo> skipped = [.. details.VolumeInfos.Where(info => info.Skipped)];
        if (skipped.Count > 0)
        {
            json["skipped"] = Group(skipped, VolumeName, info => info.SkippedReason ?? "", withDetails: true);
        }

        return json;
    }

    private static JsonNode Group(
        IEnumerable<BackupVolumeInfo> infos, Func<BackupVolumeInfo, string> name, Func<BackupVolumeInfo, string> value, bool withDetails)
    {
        List<BackupVolumeInfo> all = [.. infos];
        if (all.Count == 0)
        {
            return JsonValue.Create(Words.NoneIncluded);
        }

        if (!withDetails)
        {
            return JsonValue.Create(all.Count);
        }

        JsonObject json = [];
        foreach (BackupVolumeInfo info in all)
        {
            json[name(info)] = value(info);
        }

        return json;
    }

    private static JsonNode PodVolumes(IReadOnlyList<PodVolumeBackup> backups, bool withDetails)
    {
        if (backups.Count == 0)
        {
            return JsonValue.Create(Words.NoneIncluded);
        }

        JsonObject phases = [];
        foreach (IGrouping<string, PodVolumeBackup> phase in backups.GroupBy(backup => backup.Status.Phase ?? "New"))
        {
            phases[phase.Key] = withDetails ? new JsonArray([.. phase.Select(PodVolume)]) : phase.Count();
        }

        return phases;
    }

    private static JsonNode PodVolume(PodVolumeBackup backup) => new JsonObject
    {
        ["pod"] = $"{backup.Spec.Pod.Namespace}/{backup.Spec.Pod.Name}",
        ["volume"] = backup.Spec.Volume,
        ["uploaderType"] = backup.Spec.UploaderType,
        ["size"] = backup.Status.Progress.TotalBytes,
        ["incrementalSize"] = backup.Status.IncrementalBytes,
    };

    private static string VolumeName(BackupVolumeInfo info) => info.PvcName is null ? info.PvName ?? "" : $"{info.PvcNamespace}/{info.PvcName}";

    private static void AddResults(JsonObject json, string key, int count, Result result)
    {
        if (count == 0)
        {
            return;
        }

        JsonObject namespaces = [];
        foreach ((string name, IReadOnlyList<string> messages) in result.Namespaces ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            namespaces[name] = List(messages);
        }

        json[key] = new JsonObject { ["cluster"] = List(result.Cluster ?? []), ["namespaces"] = namespaces, ["velero"] = List(result.Velero ?? []) };
    }
}
