using System.Text.Json.Nodes;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>
/// The first step: sorts the tarball for the items that follow, then brings definitions (and waits until they are served),
/// namespaces and storage classes.
/// </summary>
internal sealed class PrerequisitesStep(BackupCatalog backups, IBlobStore store)
{
    private const string Definitions = "customresourcedefinitions.apiextensions.k8s.io";

    public async Task<ItemOutcome> RunAsync(PlanItem item, RestoreScope scope, CancellationToken cancellationToken)
    {
        List<(ItemKey Key, KubeObject Item)> first = [];
        SplitTarball split = await SplitAsync(item, scope, first, cancellationToken);
        foreach ((ItemKey key, KubeObject definition) in first.Where(entry => entry.Key.GroupResource == Definitions))
        {
            await RestoreDefinitionAsync(key, definition, scope, cancellationToken);
        }

        foreach ((ItemKey key, KubeObject storageClass) in first.Where(entry => entry.Key.GroupResource is not (Definitions or "namespaces")))
        {
            await scope.RestoreAsync(key, storageClass, cancellationToken);
        }

        Dictionary<string, KubeObject> backedUp = first.Where(entry => entry.Key.GroupResource == "namespaces").ToDictionary(entry => entry.Key.Name, entry => entry.Item);
        foreach (string ns in scope.Facts.Namespaces)
        {
            await EnsureNamespaceAsync(ns, backedUp.GetValueOrDefault(ns), scope, cancellationToken);
        }

        return scope.Outcome(new RestoredObjects { Split = split });
    }

    private async Task<SplitTarball> SplitAsync(PlanItem item, RestoreScope scope, List<(ItemKey, KubeObject)> first, CancellationToken cancellationToken)
    {
        HashSet<string> customTypes = [.. scope.Facts.CustomTypes];
        HashSet<string> classes = [.. scope.Facts.StorageClasses];
        bool onlyNeeded = scope.Request.Spec.IncludeClusterResources is null
            && !new Selection.NamespaceFilter(scope.Request.Spec.IncludedNamespaces ?? [], scope.Request.Spec.ExcludedNamespaces ?? []).IsUnfiltered;
        await using TarballSplitter splitter = new(store, scope.Plan, item, scope.Context.Attempt, scope.Plan.StartedAt);
        HashSet<string> namespaces = [.. scope.Facts.Namespaces];
        BackupName backup = BackupName.Parse(scope.Facts.Backup);
        await foreach (ArchivedItem archived in backups.ReadItemsAsync(backup, Wanted, cancellationToken))
        {
            KubeObject value = ArchivedObject.Parse(backup, archived);
            if (archived.Key.GroupResource == "namespaces")
            {
                // Whatever filters say of the Namespace object: chosen objects bring their namespace, with its labels and annotations.
                if (namespaces.Contains(archived.Key.Name))
                {
                    first.Add((archived.Key, value));
                }

                continue;
            }

            // What a chosen object cannot do without comes along whatever its own labels are.
            bool isPrerequisite = ObjectGroup.Of(archived.Key) == ObjectGroup.Prerequisites;
            bool isNeeded = isPrerequisite && (archived.Key.GroupResource == Definitions ? customTypes : classes).Contains(archived.Key.Name);
            if (!isNeeded && (!scope.Selection.TakesLabels(value) || (isPrerequisite && onlyNeeded)))
            {
                continue;
            }

            if (isPrerequisite)
            {
                first.Add((archived.Key, value));
            }
            else
            {
                await splitter.AddAsync(archived.Key, archived.Json, cancellationToken);
            }
        }

        return await splitter.CompleteAsync(cancellationToken);

        bool Wanted(ItemKey key) => key.GroupResource == "namespaces" || scope.Selection.Takes(key);
    }

    private static async Task RestoreDefinitionAsync(ItemKey key, KubeObject definition, RestoreScope scope, CancellationToken cancellationToken)
    {
        RestoreAction? action = await scope.RestoreAsync(key, definition, cancellationToken);
        if (action is not (RestoreAction.Created or RestoreAction.Updated) || scope.Types.FindGroupResource(Definitions) is not { } type)
        {
            return;
        }

        (bool served, _) = await scope.Cluster.WaitAsync(type, null, key.Name, IsServed, scope.Options.ResourceTimeout, cancellationToken);
        if (!served)
        {
            scope.Context.Error(new ItemFailure("", Definitions, key.Name, $"the CRD {key.Name} is not available to use for custom resources"));
        }
    }

    private static bool IsServed(KubeObject? definition)
    {
        IEnumerable<JsonObject> conditions = (definition?.NodeAt("status", "conditions") as JsonArray ?? []).OfType<JsonObject>();
        return conditions.Count(condition => condition["type"]?.ToString() is "Established" or "NamesAccepted" && condition["status"]?.ToString() == "True") == 2;
    }

    /// <summary>
    /// Creates the namespace if it is missing, with the labels, annotations and spec of the backup. An existing one is left as it
    /// is; one that is going is waited for.
    /// </summary>
    private static async Task EnsureNamespaceAsync(string ns, KubeObject? backedUp, RestoreScope scope, CancellationToken cancellationToken)
    {
        ApiResource type = scope.Types.FindGroupResource("namespaces")
            ?? throw new BackupException(ErrorKind.Unavailable, $"{scope.Cluster.DisplayName} does not serve namespaces.", "Check that the API server is complete and that the credentials may discover its types.");
        string target = scope.Rules.Map(ns);
        KubeObject? existing = await scope.Cluster.TryGetAsync(type, null, target, cancellationToken);
        if (existing is not null && IsGoing(existing))
        {
            (_, existing) = await scope.Cluster.WaitAsync(type, null, target, found => found is null, scope.Options.ResourceTimeout, cancellationToken);
            if (existing is not null && IsGoing(existing))
            {
                scope.Context.Error(new ItemFailure(target, "namespaces", target, $"timed out waiting for terminating namespace {target} to disappear before restoring"));
                return;
            }
        }

        if (existing is not null)
        {
            scope.Record(existing, RestoreAction.Skipped);
            return;
        }

        KubeObject wanted = NewNamespace(target, backedUp);
        try
        {
            await scope.Cluster.CreateAsync(type, wanted, cancellationToken);
            scope.Record(wanted, RestoreAction.Created);
            scope.Context.AddItems(1);
        }
        catch (KubeApiException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            scope.Record(wanted, RestoreAction.Skipped); // somebody made it in this moment; an existing one is left alone
        }
    }

    private static bool IsGoing(KubeObject ns) => ns.Metadata["deletionTimestamp"] is not null || ns.TextAt("status", "phase") == "Terminating";

    private static KubeObject NewNamespace(string name, KubeObject? backedUp)
    {
        JsonObject metadata = new() { ["name"] = name };
        foreach (string map in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (backedUp?.Metadata[map] is { } values)
            {
                metadata[map] = values.DeepClone();
            }
        }

        // The name label is the server's own and would contradict a mapped name.
        if (backedUp?.Name != name)
        {
            (metadata["labels"] as JsonObject)?.Remove("kubernetes.io/metadata.name");
        }

        JsonObject root = new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata };
        if (backedUp?.Spec is { } spec)
        {
            root["spec"] = spec.DeepClone();
        }

        return new KubeObject(root);
    }
}
