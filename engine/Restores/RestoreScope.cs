using System.Text.Json;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Restores.Rules;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>What every item of one restore works with: request, facts, rules, the cluster's types, and the place to report to.</summary>
internal sealed class RestoreScope
{
    private readonly IBlobStore store;
    private readonly Dictionary<string, List<string>> resources = [];
    private readonly Lock gate = new(); // guards resources

    public RestoreScope(Plan plan, ApiDiscovery types, ICluster cluster, IBlobStore store, ItemContext context, RestoreOptions options)
    {
        Plan = plan;
        Types = types;
        Cluster = cluster;
        this.store = store;
        Context = context;
        Options = options;
        Request = RequestOf(plan);
        Facts = FactsOf(plan);
        Selection = RestoreSelection.Of(Request.Spec, types);
        Rules = new RuleContext
        {
            NamespaceMapping = Request.Spec.NamespaceMapping ?? new Dictionary<string, string>(),
            PreserveNodePorts = Request.Spec.PreserveNodePorts == true,
            ProvisionedAnew = Facts.ProvisionedAnew.ToHashSet(),
            Controllers = Facts.Controllers.ToHashSet(),
        };
        Objects = new ObjectRestorer(cluster, Facts.Backup, plan.Name, Request.Spec.ExistingResourcePolicy == "update", context.Log);
    }

    public Plan Plan { get; }

    public ApiDiscovery Types { get; }

    public ICluster Cluster { get; }

    public ItemContext Context { get; }

    public RestoreOptions Options { get; }

    public VeleroRestore Request { get; }

    public RestoreFacts Facts { get; }

    public RestoreSelection Selection { get; }

    public RuleContext Rules { get; }

    public ObjectRestorer Objects { get; }

    /// <summary>What was done so far, in the shape of Velero's resource list.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Resources
    {
        get
        {
            lock (gate)
            {
                return resources.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)[.. entry.Value.Order(StringComparer.Ordinal)]);
            }
        }
    }

    public static VeleroRestore RequestOf(Plan plan) =>
        plan.Request.Deserialize(CatalogJsonContext.Default.VeleroRestore)
        ?? throw new BackupException(ErrorKind.Corrupt, $"The plan of {plan.Id} holds no request.", "Delete the restore and start it again.");

    public static RestoreFacts FactsOf(Plan plan) =>
        plan.Facts?.Deserialize(RestoresJsonContext.Default.RestoreFacts)
        ?? throw new BackupException(ErrorKind.Corrupt, $"The plan of {plan.Id} holds no facts.", "Delete the restore and start it again.");

    public static RestoredObjects? OutputOf(ItemResult result) => result.Output?.Deserialize(RestoresJsonContext.Default.RestoredObjects);

    /// <summary>Groups of the split tarball whose name starts with the prefix.</summary>
    public IEnumerable<string> Groups(string prefix) => Split().Parts.Keys.Where(group => group.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The objects of a group, as the prerequisites sorted them.</summary>
    public async IAsyncEnumerable<(ItemKey Key, KubeObject Item)> ReadGroupAsync(string group, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Split().Parts.TryGetValue(group, out IReadOnlyList<string>? parts))
        {
            yield break;
        }

        await using Stream tarball = JoinedParts.OfTarball(store, [.. parts.Select(BlobName.Parse)], Plan.StartedAt);
        await foreach (ArchivedItem item in BackupTarReader.ReadAsync(tarball, $"the work folder of {Plan.Id}", wanted: null, cancellationToken))
        {
            yield return (item.Key, KubeObject.Parse(item.Json.Span));
        }
    }

    private SplitTarball Split() =>
        Context.EarlierResults.Select(result => OutputOf(result)?.Split).FirstOrDefault(found => found is not null)
        ?? throw new BackupException(ErrorKind.Internal, $"The prerequisites of {Plan.Id} could not be done, so nothing more can be restored.", "Look at its errors, mend their cause, and start a new restore.");

    /// <summary>Applies the rules to an object and brings it into the cluster; what happened is recorded.</summary>
    public async Task<RestoreAction?> RestoreAsync(ItemKey key, KubeObject item, CancellationToken cancellationToken)
    {
        if (Types.FindGroupResource(key.GroupResource) is not { } type)
        {
            Context.Error(new ItemFailure(key.Namespace ?? "", key.GroupResource, key.Name, $"the cluster serves no type {key.GroupResource}; the object was not restored"));
            Record(item, RestoreAction.Failed);
            return RestoreAction.Failed;
        }

        RuleResult rules = ItemRules.Apply(key.GroupResource, item, Rules);
        if (rules.SkipReason is { } reason)
        {
            Context.Log.Info($"Left out {key}: {reason}");
            return null;
        }

        item.Root["apiVersion"] = type.Gvr.ApiVersion;
        RestoreAction action = await Objects.RestoreAsync(type, item, cancellationToken);
        Record(item, action);
        Context.AddItems(1);
        return action;
    }

    /// <summary>Adds an object to the resource list.</summary>
    public void Record(KubeObject item, RestoreAction action)
    {
        string name = item.Namespace is { } ns ? $"{ns}/{item.Name}" : item.Name;
        lock (gate)
        {
            string kind = $"{item.ApiVersion}/{item.Kind}";
            if (!resources.TryGetValue(kind, out List<string>? names))
            {
                resources[kind] = names = [];
            }

            names.Add($"{name}({action.ToString().ToLowerInvariant()})");
        }
    }

    /// <summary>What the item leaves behind.</summary>
    public ItemOutcome Outcome(RestoredObjects objects) =>
        new(Context.Progress.ItemsDone, JsonSerializer.SerializeToElement(objects with { Resources = Resources }, RestoresJsonContext.Default.RestoredObjects));
}
