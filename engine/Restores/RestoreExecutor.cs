using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Volumes;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>Does the items of restores and publishes them.</summary>
public sealed class RestoreExecutor : IRunExecutor
{
    private readonly ICluster cluster;
    private readonly IBlobStore store;
    private readonly RestoreOptions options;
    private readonly PrerequisitesStep prerequisites;
    private readonly VolumeStep volumes;
    private readonly RestoreFinisher finisher;

    public RestoreExecutor(
        ICluster cluster, IBlobStore store, VolumeResolver resolver, RepositoryPassword password, VolumeDataOptions volumeOptions, RestoreOptions options, TimeProvider time)
    {
        this.cluster = cluster;
        this.store = store;
        this.options = options;
        prerequisites = new PrerequisitesStep(new BackupCatalog(store), store);
        volumes = new VolumeStep(store, resolver, password, volumeOptions, time);
        finisher = new RestoreFinisher(store, time);
    }

    public RunKind Kind => RunKind.Restore;

    public async Task<ItemOutcome> ExecuteAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken)
    {
        // Asked anew for every item: the prerequisites may have added types.
        RestoreScope scope = new(plan, await cluster.DiscoverAsync(cancellationToken), cluster, store, context, options);
        return item.Kind switch
        {
            RestoreItemKinds.Prerequisites => await prerequisites.RunAsync(item, scope, cancellationToken),
            RestoreItemKinds.Claims => await ClaimsStep.RunAsync(item, scope, cancellationToken),
            RestoreItemKinds.Volume => await volumes.RunAsync(item, scope, cancellationToken),
            RestoreItemKinds.Cluster or RestoreItemKinds.Namespace or RestoreItemKinds.Last => await ObjectsStep.RunAsync(item, scope, cancellationToken),
            _ => throw new BackupException(ErrorKind.Unsupported, $"Item {item.Id} of {plan.Id} is of kind '{item.Kind}', which this worker does not know.", "Update this worker to the version that wrote the plan."),
        };
    }

    /// <summary>Nothing to undo: what another worker restored as well is the same.</summary>
    public Task DiscardAsync(Plan plan, PlanItem item, ItemContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task FinishAsync(Plan plan, RunResults results, CancellationToken cancellationToken) => finisher.FinishAsync(plan, results, cancellationToken);

    public async Task<bool> IsPublishedAsync(string name, CancellationToken cancellationToken) =>
        await new RestoreCatalog(store).TryGetAsync(RestoreName.Parse(name), cancellationToken) is not null;
}
