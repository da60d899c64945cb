using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>Does the items of backups and publishes them.</summary>
public sealed class BackupExecutor : IRunExecutor, IDisposable
{
    private readonly IBlobStore store;
    private readonly BackupOptions options;
    private readonly DiscoveryCache discovery;
    private readonly NamespaceCollector namespaces;
    private readonly ClusterCollector clusterScoped;
    private readonly VolumeCollector volumes;
    private readonly BackupFinisher finisher;

    public BackupExecutor(
        ICluster cluster, IBlobStore store, VolumeResolver resolver, RepositoryPassword password, VolumeDataOptions volumeOptions, BackupOptions options, TimeProvider time)
    {
        this.store = store;
        this.options = options;
        discovery = new DiscoveryCache(cluster, time);
        namespaces = new NamespaceCollector(cluster, store, discovery, time);
        clusterScoped = new ClusterCollector(cluster, store, discovery, time);
        volumes = new VolumeCollector(cluster, store, discovery, resolver, password, volumeOptions, time);
        finisher = new BackupFinisher(store, time);
    }

    public RunKind Kind => RunKind.Backup;

    public async Task<ItemOutcome> ExecuteAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken)
    {
        ApiDiscovery types = await discovery.GetAsync(cancellationToken);
        BackupSelection selection = BackupSelection.Of(BackupFinisher.RequestOf(plan).Spec, options, types);
        return item.Kind switch
        {
            ItemKinds.Namespace => await namespaces.CollectAsync(plan, item, selection, context, cancellationToken),
            ItemKinds.Volume => await volumes.CollectAsync(plan, item, selection, context, cancellationToken),
            ItemKinds.Cluster => await clusterScoped.CollectAsync(plan, item, selection, context, cancellationToken),
            _ => throw new BackupException(ErrorKind.Unsupported, $"Item {item.Id} of {plan.Id} is of kind '{item.Kind}', which this worker does not know.", "Update this worker to the version that wrote the plan."),
        };
    }

    public Task DiscardAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken) =>
        item.Kind == ItemKinds.Volume ? volumes.DiscardAsync(plan, item, context, cancellationToken) : Task.CompletedTask;

    public async Task FinishAsync(Plan plan, RunResults results, CancellationToken cancellationToken)
    {
        IReadOnlyList<ItemFailure> warnings = await volumes.ForgetLostAsync(plan, results, cancellationToken);
        await finisher.FinishAsync(plan, results, warnings, cancellationToken);
    }

    public Task<bool> IsPublishedAsync(string name, CancellationToken cancellationToken) =>
        new BackupCatalog(store).ExistsAsync(BackupName.Parse(name), cancellationToken);

    public void Dispose() => discovery.Dispose();
}
