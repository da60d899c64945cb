using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>The volume item: the data of one claim, into the repository of its namespace. A volume without data is always named, with the reason.</summary>
internal sealed class VolumeCollector(
    ICluster cluster, IBlobStore store, DiscoveryCache discovery, VolumeResolver resolver, RepositoryPassword password, VolumeDataOptions options, TimeProvider time)
{
    public async Task<ItemOutcome> CollectAsync(Plan plan, PlanItem item, BackupSelection selection, ItemContext context, CancellationToken cancellationToken)
    {
        if (item is not { Namespace: { } ns, Name: { } name })
        {
            throw new BackupException(ErrorKind.Corrupt, $"Item {item.Id} of {plan.Id} names no claim.", "Delete the backup and start it again.");
        }

        DateTimeOffset startedAt = time.GetUtcNow();
        ApiDiscovery types = await discovery.GetAsync(cancellationToken);
        KubeObject? claim = await cluster.TryGetAsync(TypeOf(types, "persistentvolumeclaims"), ns, name, cancellationToken);
        if (claim is null)
        {
            context.Error(new ItemFailure(ns, "persistentvolumeclaims", name, $"claim {ns}/{name} is gone since the backup was planned; its data was not backed up"));
            return Outcome(new VolumeOutcome { Namespace = ns, Claim = name, SkippedReason = "the claim is gone", StartedAt = startedAt, CompletedAt = time.GetUtcNow() });
        }

        KubeObject? pv = claim.TextAt("spec", "volumeName") is { Length: > 0 } pvName
            ? await cluster.TryGetAsync(TypeOf(types, "persistentvolumes"), null, pvName, cancellationToken)
            : null;
        List<KubeObject> pods = await ListPodsAsync(types, ns, cancellationToken);
        VolumeChoice choice = new VolumeSelection(pods, selection.TakesVolumesByDefault).Decide(claim);
        KubeObject? pod = pods.Find(candidate => candidate.Name == choice.PodName);
        VolumeOutcome outcome = Describe(ns, claim, pv, pod, choice, startedAt);
        if (!choice.Take)
        {
            // The user's own word; still named in the results, because a backup without data must not look like one with it.
            context.Warn(new ItemFailure(ns, "persistentvolumeclaims", name, $"the data of claim {ns}/{name} was not backed up: {choice.Reason}"));
            return Outcome(outcome with { SkippedReason = choice.Reason, CompletedAt = time.GetUtcNow() });
        }

        VolumeResolution resolution = resolver.Resolve(claim, pv);
        if (resolution.Volume is not { } volume)
        {
            context.Warn(new ItemFailure(ns, "persistentvolumeclaims", name, $"the data of the volume was not backed up: {resolution.SkipReason}"));
            return Outcome(outcome with { SkippedReason = resolution.SkipReason, CompletedAt = time.GetUtcNow() });
        }

        return await UploadAsync(plan, item, outcome, volume, context, cancellationToken);
    }

    /// <summary>Forgets the snapshots that this worker took of the item, or was about to, but for one that the published backup refers to.</summary>
    public async Task DiscardAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken)
    {
        if (item.Namespace is not { } ns || context.Announced.Count == 0)
        {
            return;
        }

        HashSet<string> published = await PublishedSnapshotsAsync(BackupName.Parse(plan.Name), cancellationToken);
        List<string> unwanted = [.. context.Announced.Where(id => !published.Contains(id))];
        if (unwanted.Count > 0)
        {
            await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(store, ns, password, options, time, cancellationToken);
            await repository.ForgetAsync([.. unwanted.Select(ManifestId.Parse)], cancellationToken);
        }

        foreach (string id in context.Announced)
        {
            await store.DeleteAsync(plan.Id.Announced(item.Id, id), cancellationToken);
        }
    }

    private async Task<HashSet<string>> PublishedSnapshotsAsync(BackupName name, CancellationToken cancellationToken)
    {
        BackupCatalog catalog = new(store);
        return await catalog.ExistsAsync(name, cancellationToken)
            ? [.. (await catalog.ReadPodVolumeBackupsAsync(name, cancellationToken)).Select(volume => volume.Status.SnapshotId).OfType<string>()]
            : [];
    }

    /// <summary>
    /// Forgets the snapshots that items announced but no result refers to: their workers died, or failed, between taking them and
    /// saying so. One that cannot be forgotten costs room, not data: it becomes a warning.
    /// </summary>
    public async Task<IReadOnlyList<ItemFailure>> ForgetLostAsync(Plan plan, RunResults results, CancellationToken cancellationToken)
    {
        HashSet<string> kept = [.. results.Items.Select(SnapshotOf).OfType<string>()];
        Dictionary<string, string?> namespaces = plan.Items.ToDictionary(item => item.Id, item => item.Namespace);
        List<(string Namespace, ManifestId Id)> lost = [];
        await foreach (BlobInfo info in store.ListAsync(plan.Id.AnnouncedPrefix, cancellationToken))
        {
            string[] parts = info.Name.ToString()[plan.Id.AnnouncedPrefix.Length..].Split('/');
            if (parts.Length == 2 && namespaces.GetValueOrDefault(parts[0]) is { } ns && !kept.Contains(parts[1]) && ManifestId.TryParse(parts[1], out ManifestId id))
            {
                lost.Add((ns, id));
            }
        }

        List<ItemFailure> warnings = [];
        foreach (IGrouping<string, ManifestId> group in lost.GroupBy(entry => entry.Namespace, entry => entry.Id))
        {
            try
            {
                await using VolumeDataRepository repository = await VolumeDataRepository.OpenAsync(store, group.Key, password, options, time, cancellationToken);
                await repository.ForgetAsync([.. group], cancellationToken);
            }
            catch (BackupException e) when (!e.IsTransient)
            {
                warnings.Add(new ItemFailure(group.Key, null, null, $"snapshots {string.Join(", ", group)} of interrupted attempts stay in the repository: {e.Message} {e.Remedy}"));
            }
        }

        return warnings;

        static string? SnapshotOf(ItemResult result) =>
            result.Output is { ValueKind: JsonValueKind.Object } output && output.TryGetProperty("snapshotId", out JsonElement id) ? id.GetString() : null;
    }

    private async Task<ItemOutcome> UploadAsync(
        Plan plan, PlanItem item, VolumeOutcome outcome, ResolvedVolume volume, ItemContext context, CancellationToken cancellationToken)
    {
        await using VolumeDataRepository repository = await VolumeDataRepository.OpenOrCreateAsync(store, outcome.Namespace, password, options, time, cancellationToken);
        VolumeIdentity identity = new(outcome.Namespace, outcome.Pod ?? outcome.Claim, outcome.Claim);
        ProgressForwarder progress = new(context);
        VolumeSnapshotResult result = await repository.BackupAsync(
            identity,
            volume.Path,
            Tags(plan, outcome),
            (id, token) =>
            {
                context.Announce(id.ToString());
                return store.PutAsync(plan.Id.Announced(item.Id, id.ToString()), ReadOnlyMemory<byte>.Empty, PutCondition.Always, token);
            },
            progress,
            cancellationToken);
        foreach (PathProblem problem in result.Failures)
        {
            context.Error(new ItemFailure(outcome.Namespace, "persistentvolumeclaims", outcome.Claim, $"{problem.Path} could not be backed up: {problem.Message}"));
        }

        foreach (PathProblem warning in result.Warnings)
        {
            context.Warn(new ItemFailure(outcome.Namespace, "persistentvolumeclaims", outcome.Claim, $"{warning.Path}: {warning.Message}"));
        }

        VolumeOutcome done = outcome with
        {
            Path = volume.Path,
            Strategy = volume.Strategy,
            SnapshotId = result.SnapshotId.ToString(),
            TotalBytes = result.TotalBytes,
            IncrementalBytes = result.IncrementalBytes,
            CompletedAt = time.GetUtcNow(),
        };
        context.Log.Info(
            $"Backed up the data of claim {outcome.Namespace}/{outcome.Claim}: {result.FileCount} files, {result.TotalBytes} bytes, {result.IncrementalBytes} of them new",
            ("namespace", outcome.Namespace), ("pvc", outcome.Claim), ("snapshotID", done.SnapshotId));
        return Outcome(done);
    }

    private static Dictionary<string, string> Tags(Plan plan, VolumeOutcome outcome)
    {
        Dictionary<string, string> tags = new()
        {
            ["backup"] = plan.Name,
            ["ns"] = outcome.Namespace,
            ["pod"] = outcome.Pod ?? "",
            ["volume"] = outcome.Volume ?? outcome.Claim,
        };
        if (outcome.ClaimUid is { } uid)
        {
            tags["pvc-uid"] = uid;
        }

        return tags;
    }

    private static VolumeOutcome Describe(string ns, KubeObject claim, KubeObject? pv, KubeObject? pod, VolumeChoice choice, DateTimeOffset startedAt) => new()
    {
        Namespace = ns,
        Claim = claim.Name,
        ClaimUid = claim.Uid,
        Pv = pv?.Name,
        ReclaimPolicy = pv?.TextAt("spec", "persistentVolumeReclaimPolicy"),
        PvLabels = pv?.Metadata["labels"] is JsonObject labels ? labels.ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "") : null,
        Pod = choice.PodName ?? claim.Name,
        PodUid = pod?.Uid,
        Node = pod?.TextAt("spec", "nodeName"),
        Volume = choice.VolumeName ?? claim.Name,
        StartedAt = startedAt,
        CompletedAt = startedAt,
    };

    private async Task<List<KubeObject>> ListPodsAsync(ApiDiscovery types, string ns, CancellationToken cancellationToken)
    {
        List<KubeObject> pods = [];
        if (types.FindGroupResource("pods") is { } type)
        {
            await foreach (KubeObject pod in cluster.ListAsync(type, ns, labelSelector: null, cancellationToken))
            {
                pods.Add(pod);
            }
        }

        return pods;
    }

    private ApiResource TypeOf(ApiDiscovery types, string name) =>
        types.FindGroupResource(name)
        ?? throw new BackupException(ErrorKind.Unavailable, $"{cluster.DisplayName} does not serve {name}.", "Check that the API server is complete and that the credentials may discover its types.");

    private static ItemOutcome Outcome(VolumeOutcome outcome) =>
        new(outcome.SnapshotId is null ? 0 : 1, JsonSerializer.SerializeToElement(outcome, BackupsJsonContext.Default.VolumeOutcome));

    private sealed class ProgressForwarder(ItemContext context) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => context.Report(value.ReadFiles + value.ReusedFiles, -1, value.ReadBytes + value.ReusedBytes, -1);
    }
}
