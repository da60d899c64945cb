using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>Turns a request into a plan: checks it, chooses the namespaces, and lists the items. Writes nothing.</summary>
internal sealed class BackupPlanner(ICluster cluster, DiscoveryCache discovery, BackupOptions options, TimeProvider time)
{
    /// <param name="request">Metadata.name and spec are read; the rest is filled in.</param>
    /// <param name="strict">
    /// Whether a namespace that does not exist refuses the request (somebody is there to read it) or becomes an error of the backup
    /// (nobody is, and the other namespaces must not go without).
    /// </param>
    public async Task<Plan> PlanAsync(VeleroBackup request, bool strict, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(request.Name);
        ApiDiscovery types = await discovery.GetAsync(cancellationToken);
        BackupSelection selection = BackupSelection.Of(request.Spec, options, types);
        ClusterVersion version = await cluster.GetVersionAsync(cancellationToken);
        List<KubeObject> existing = await ListNamespacesAsync(types, cancellationToken);
        List<string> labelledOut = [.. existing.Where(BackupSelection.IsLeftOut).Select(ns => ns.Name)];
        NamespaceChoice choice = selection.ChooseNamespaces([.. existing.Select(ns => ns.Name)], labelledOut);
        List<ItemFailure> errors = [.. choice.Missing.Select(missing => new ItemFailure(missing, "namespaces", missing, $"namespace {missing}, which the backup includes, does not exist"))];
        if (strict && choice.Missing.Count > 0)
        {
            throw new BackupException(
                ErrorKind.InvalidInput,
                $"The backup includes namespaces that {cluster.DisplayName} does not have: {string.Join(", ", choice.Missing)}.",
                "Check the names with 'kubectl get namespaces', or leave them out.");
        }

        DateTimeOffset now = time.GetUtcNow();
        List<PlanItem> items = [.. choice.Chosen.Select((ns, index) => new PlanItem
        {
            Id = $"namespace-{index}",
            Kind = ItemKinds.Namespace,
            Stage = 0,
            Queue = QueueName.BackupNamespaces.Value,
            Namespace = ns,
        })];
        await AddVolumesAsync(items, types, choice, selection, cancellationToken);
        items.Add(new PlanItem { Id = "cluster", Kind = ItemKinds.Cluster, Stage = 1, Queue = QueueName.BackupNamespaces.Value });
        List<ItemFailure> warnings = [.. IgnoredFields.Of(request.Spec), .. selection.UnknownTypes.Select(unknown => new ItemFailure(null, unknown, null, $"the cluster has no type '{unknown}'; the filter that names it matches nothing"))];
        BackupFacts facts = new() { Namespaces = choice.Chosen, AllNamespaces = choice.IsEverything, Cluster = cluster.DisplayName, Errors = errors, Warnings = warnings };
        return new Plan
        {
            Run = RunKind.Backup,
            Name = name.ToString(),
            StartedAt = now,
            Request = JsonSerializer.SerializeToElement(Complete(request, version, labelledOut, now), CatalogJsonContext.Default.VeleroBackup),
            Facts = JsonSerializer.SerializeToElement(facts, BackupsJsonContext.Default.BackupFacts),
            Items = items,
        };
    }

    private async Task<List<KubeObject>> ListNamespacesAsync(ApiDiscovery types, CancellationToken cancellationToken)
    {
        ApiResource type = types.FindGroupResource("namespaces")
            ?? throw new BackupException(ErrorKind.Unavailable, $"{cluster.DisplayName} does not serve namespaces.", "Check that the API server is complete and that the credentials may discover its types.");
        List<KubeObject> namespaces = [];
        await foreach (KubeObject ns in cluster.ListAsync(type, null, labelSelector: null, cancellationToken))
        {
            namespaces.Add(ns);
        }

        return namespaces;
    }

    /// <summary>One item per claim of a chosen namespace; whether and how its data is taken is decided, and said, by the item.</summary>
    private async Task AddVolumesAsync(
        List<PlanItem> items, ApiDiscovery types, NamespaceChoice choice, BackupSelection selection, CancellationToken cancellationToken)
    {
        if (types.FindGroupResource("persistentvolumeclaims") is not { } claims || !selection.TakesNamespaced(claims) || choice.Chosen.Count == 0)
        {
            return;
        }

        HashSet<string> chosen = [.. choice.Chosen];
        HashSet<(string, string)> known = [];
        foreach (string? query in selection.LabelQueries)
        {
            // With few namespaces one list each is less than the cluster's claims; with many, one list of all is.
            const int FewNamespaces = 20;
            string?[] scopes = chosen.Count <= FewNamespaces ? [.. choice.Chosen] : [null];
            foreach (string? scope in scopes)
            {
                await foreach (KubeObject claim in cluster.ListAsync(claims, scope, query, cancellationToken))
                {
                    if (claim.Namespace is { } ns && chosen.Contains(ns) && !BackupSelection.IsLeftOut(claim) && known.Add((ns, claim.Name)))
                    {
                        items.Add(new PlanItem
                        {
                            Id = $"volume-{known.Count - 1}",
                            Kind = ItemKinds.Volume,
                            Stage = 0,
                            Queue = QueueName.BackupVolumes.Value,
                            Namespace = ns,
                            Name = claim.Name,
                        });
                    }
                }
            }
        }
    }

    /// <summary>The Backup object as Velero's server fills it in before it starts.</summary>
    private VeleroBackup Complete(VeleroBackup request, ClusterVersion version, List<string> labelledOut, DateTimeOffset now)
    {
        TimeSpan ttl = request.Spec.Ttl > TimeSpan.Zero ? request.Spec.Ttl : options.DefaultTtl;
        string location = request.Spec.StorageLocation is { Length: > 0 } named ? named : options.StorageLocation;
        Dictionary<string, string> labels = new(request.Metadata.Labels ?? new Dictionary<string, string>()) { [VeleroNames.StorageLocationLabel] = LabelValue.Of(location) };
        Dictionary<string, string> annotations = new(request.Metadata.Annotations ?? new Dictionary<string, string>())
        {
            [VeleroNames.SourceGitVersionAnnotation] = version.GitVersion,
            [VeleroNames.SourceMajorVersionAnnotation] = version.Major,
            [VeleroNames.SourceMinorVersionAnnotation] = version.Minor,
        };
        IReadOnlyList<string>? excluded = [.. (request.Spec.ExcludedNamespaces ?? []).Union(labelledOut)];
        return request with
        {
            Metadata = request.Metadata with
            {
                Namespace = options.VeleroNamespace,
                Uid = Guid.CreateVersion7(now).ToString(),
                CreationTimestamp = now,
                Labels = labels,
                Annotations = annotations,
            },
            Spec = request.Spec with
            {
                Ttl = ttl,
                StorageLocation = location,
                IncludedNamespaces = request.Spec.IncludedNamespaces ?? ["*"],
                ExcludedNamespaces = excluded,
                CsiSnapshotTimeout = request.Spec.CsiSnapshotTimeout > TimeSpan.Zero ? request.Spec.CsiSnapshotTimeout : VeleroNames.DefaultCsiSnapshotTimeout,
                ItemOperationTimeout = request.Spec.ItemOperationTimeout > TimeSpan.Zero ? request.Spec.ItemOperationTimeout : VeleroNames.DefaultItemOperationTimeout,
                DefaultVolumesToFsBackup = request.Spec.DefaultVolumesToFsBackup ?? options.DefaultVolumesToFsBackup,
                SnapshotMoveData = request.Spec.SnapshotMoveData ?? false,
                VolumeGroupSnapshotLabelKey = request.Spec.VolumeGroupSnapshotLabelKey ?? VeleroNames.VolumeGroupSnapshotLabelKey,
            },
            Status = new BackupStatus
            {
                Version = 1,
                FormatVersion = VeleroNames.FormatVersion,
                Phase = BackupPhase.InProgress,
                StartTimestamp = now,
                Expiration = now + ttl,
            },
        };
    }
}
