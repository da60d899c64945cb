using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>Starts backups: by hand, from a schedule, over HTTP or the command line.</summary>
public sealed class BackupStarter : IDisposable
{
    private readonly WorkDispatcher dispatcher;
    private readonly DiscoveryCache discovery;
    private readonly BackupPlanner planner;

    public BackupStarter(ICluster cluster, WorkDispatcher dispatcher, BackupOptions options, TimeProvider time)
    {
        this.dispatcher = dispatcher;
        discovery = new DiscoveryCache(cluster, time);
        planner = new BackupPlanner(cluster, discovery, options, time);
    }

    /// <summary>Checks the request, claims the name and sends the first messages. Nothing is written when a check fails.</summary>
    /// <param name="request">Metadata.name, labels and annotations, and spec are read.</param>
    /// <param name="strict">
    /// True when somebody waits for the answer: a namespace that does not exist is then refused. False for schedules: it becomes an
    /// error of the backup, whose other namespaces are still taken.
    /// </param>
    /// <returns>The Backup object as it will be published, in phase InProgress.</returns>
    /// <exception cref="Errors.BackupException">
    /// InvalidInput (name, filters, unknown namespaces), AlreadyExists, Unavailable (store or cluster).
    /// </exception>
    public async Task<VeleroBackup> StartAsync(VeleroBackup request, bool strict, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(request.Metadata.Name);
        await dispatcher.ThrowIfTakenAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken);
        Plan plan = await planner.PlanAsync(request, strict, cancellationToken);
        await dispatcher.SubmitAsync(plan, cancellationToken);
        return BackupFinisher.RequestOf(plan);
    }

    public void Dispose() => discovery.Dispose();
}
