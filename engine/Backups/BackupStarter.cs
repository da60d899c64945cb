using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Backups;

/// <summary>Starts backups: by hand, from a schedule, over HTTP or the command line.</summary>
public sealed class BackupStarter : IDisposable
{
    private readonly WorkDispatcher dispatcher;
    private readonly DiscoveryCache discovery;
    private readonly BackupPlanner planner;
    private readonly Func<IEnumerable<string>, CancellationToken, Task> checkPassword;

    public BackupStarter(
        ICluster cluster, IBlobStore store, WorkDispatcher dispatcher, RepositoryPassword password, VolumeDataOptions volumeOptions, BackupOptions options, TimeProvider time)
    {
        checkPassword = (namespaces, token) => VolumeDataRepository.CheckPasswordAsync(store, namespaces, password, volumeOptions, time, token);
        this.dispatcher = dispatcher;
        discovery = new DiscoveryCache(cluster, time);
        planner = new BackupPlanner(cluster, discovery, options, time);
    }

    /// <summary>Checks the request, claims the name and sends the first messages. Nothing is written when a check fails.</summary>
    /// <param name="request">Metadata.name, labels and annotations, and spec are read.</param>
    /// <param name="strict">
    /// True when somebody waits for the answer: a namespace that does not exist, or a password that does not open the repositories,
    /// is then refused. False for schedules: it becomes an error of the backup, whose other parts are still taken.
    /// </param>
    /// <returns>The Backup object as it will be published, in phase InProgress.</returns>
    /// <exception cref="Errors.BackupException">
    /// InvalidInput (name, filters, unknown namespaces), AlreadyExists, WrongPassword, Unavailable (store or cluster).
    /// </exception>
    public async Task<VeleroBackup> StartAsync(VeleroBackup request, bool strict, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.Parse(request.Metadata.Name);
        await dispatcher.ThrowIfTakenAsync(new RunId(RunKind.Backup, name.ToString()), cancellationToken);
        Plan plan = await planner.PlanAsync(request, strict, cancellationToken);
        if (strict)
        {
            // Nobody would read this answer to a schedule; there the volumes fail one by one and the objects are still backed up.
            await checkPassword(plan.Items.Where(item => item.Kind == ItemKinds.Volume).Select(item => item.Namespace!).Distinct(), cancellationToken); // volumes have one
        }

        await dispatcher.SubmitAsync(plan, cancellationToken);
        return BackupFinisher.RequestOf(plan);
    }

    public void Dispose() => discovery.Dispose();
}
