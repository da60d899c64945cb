using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Cluster;
using BackupFunctions.Engine.Snapshots;
using BackupFunctions.Engine.Storage;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.Engine.Restores;

/// <summary>Starts restores.</summary>
public sealed class RestoreStarter(
    ICluster cluster, IBlobStore store, WorkDispatcher dispatcher, RepositoryPassword password, VolumeDataOptions volumeOptions, TimeProvider time)
{
    private readonly RestorePlanner planner = new(cluster, new BackupCatalog(store), time);

    /// <summary>
    /// Checks the request, reads the whole tarball once (a damaged one is found before anything is touched), claims the name and
    /// sends the first message. Nothing is written when a check fails.
    /// </summary>
    /// <param name="request">Metadata.name, labels and annotations, and spec are read.</param>
    /// <returns>The Restore object as it will be published, in phase InProgress.</returns>
    /// <exception cref="Errors.BackupException">
    /// InvalidInput (name, filters, phase of the backup), NotFound (backup or schedule), AlreadyExists, WrongPassword, Corrupt
    /// (tarball), Unavailable.
    /// </exception>
    public async Task<VeleroRestore> StartAsync(VeleroRestore request, CancellationToken cancellationToken)
    {
        RestoreName name = RestoreName.Parse(request.Metadata.Name);
        await dispatcher.ThrowIfTakenAsync(new RunId(RunKind.Restore, name.ToString()), cancellationToken);
        Plan plan = await planner.PlanAsync(request, cancellationToken);
        IEnumerable<string> namespaces = plan.Items.Where(item => item.Kind == RestoreItemKinds.Volume).Select(item => item.Namespace!).Distinct(); // volumes have one
        await VolumeDataRepository.CheckPasswordAsync(store, namespaces, password, volumeOptions, time, cancellationToken);
        await dispatcher.SubmitAsync(plan, cancellationToken);
        return RestoreScope.RequestOf(plan);
    }
}
