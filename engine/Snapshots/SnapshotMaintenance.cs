using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Repository;

namespace BackupFunctions.Engine.Snapshots;

/// <summary>
/// Maintenance of a repository whose objects are the trees of its snapshots. To be run by one client at a time, the owner; writers and readers
/// may be at work meanwhile, unless the options say that there are none.
/// </summary>
public sealed class SnapshotMaintenance(KopiaRepository repository)
{
    private readonly RepositoryMaintenance _maintenance = new(repository);

    /// <summary>Runs what is due or asked for. It may be stopped at any moment; the next run finds done what was done.</summary>
    /// <exception cref="BackupException">
    /// Conflict: somebody else is the owner, or the clocks differ too much; Corrupt: a snapshot cannot be read, which the message names, and
    /// nothing was deleted; what the store said.
    /// </exception>
    public Task<MaintenanceReport> RunAsync(MaintenanceOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _maintenance.RunAsync(options, new SnapshotContents(repository).MarkAsync, cancellationToken);
    }

    /// <summary>Who maintains the repository, when, and what was done of late, in the view of the last refresh.</summary>
    public Task<MaintenanceStatus> GetStatusAsync(CancellationToken cancellationToken) => _maintenance.GetStatusAsync(cancellationToken);
}
